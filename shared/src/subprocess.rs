//! Another program: start it, talk to it through pipes, and end it after a timeout with all that it has started.
//!
//! A pipe has room for 64 KiB. A process that writes more waits until the other side reads. If the other side does the
//! same with a second pipe, both wait for ever. So `communicate` never waits for one pipe alone: it asks poll which of
//! the three is ready.

mod pipes;

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags};
use rustix::io::Errno;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use self::pipes::{InputWriter, OutputReader, open};
use crate::deadline::{deadline, is_over};
use crate::descriptor::Descriptor;
use crate::poll::ready;
use crate::process::open_pidfd;
use crate::sys::Lifeline;
use crate::{Error, Result};

/// A program that has been started in its own process group. Mirrors Python's `subprocess.Popen`.
///
/// Nothing in its group outlives it. Dropping it kills the group and reaps the program. When the program has been
/// waited for, what it has left in the background is killed. The same happens when this process ends, in whatever way.
/// A process survives if it has left the group, by `setsid` for example, or if it has become another user for good, as
/// [`Process::start`](crate::Process::start) says. And the first process of a new PID namespace survives the end of
/// this process: the kernel protects it from the signal that ends the others then.
///
/// ```
/// use std::process::Command;
/// use std::time::Duration;
///
/// use shared::{Error, Subprocess};
///
/// let status = Subprocess::start(Command::new("sh").args(["-c", "exit 3"]))?.wait()?;
/// assert_eq!(status.code(), Some(3));
///
/// let sleep = Subprocess::start(Command::new("sleep").arg("100"))?;
/// let waited = sleep.wait_timeout(Duration::from_millis(10));
/// assert!(matches!(waited, Err(Error::ProgramTimedOut { .. }))); // By now it has been killed.
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
#[must_use = "a dropped subprocess is killed; communicate with it or wait for it"]
pub struct Subprocess {
    program: String,
    child: Child,
    pidfd: Descriptor,
    stdin: Option<Descriptor>,
    stdout: Option<Descriptor>,
    stderr: Option<Descriptor>,
    /// Open in this process alone. When it ends and they are closed, the group is killed.
    _lifeline: [Descriptor; 2],
    reaped: bool,
}

impl Subprocess {
    /// Starts the program that the command describes. Set stdin, stdout or stderr to `Stdio::piped()` to get a pipe.
    ///
    /// A program in its own group does not receive Ctrl-C, and is stopped if it reads from the terminal: give it
    /// another stdin.
    ///
    /// # Errors
    ///
    /// - [`Error::NotFound`] if there is no such program
    /// - [`Error::CannotStart`] if it cannot be run, or not in that folder
    /// - [`Error::System`] if no descriptor is left
    pub fn start(command: &mut Command) -> Result<Self> {
        let lifeline = Arc::new(Lifeline::new().map_err(Error::system("pipe"))?);
        lifeline.tie_program(command);
        let spawned = command.process_group(0).spawn();
        let mut child = spawned.map_err(|error| cannot_start(command, error))?;
        let lifeline = Arc::into_inner(lifeline).expect("the command has a weak reference");
        let pidfd = open_pidfd(Pid::from_child(&child)).inspect_err(|_| {
            // Without a pidfd we could not wait for it with a timeout.
            let _ = child.kill();
            let _ = child.wait();
        });
        Ok(Self {
            program: file_name(command),
            pidfd: Descriptor::new(pidfd.map_err(Error::system("pidfd_open"))?.0),
            stdin: child.stdin.take().map(Descriptor::new),
            stdout: child.stdout.take().map(Descriptor::new),
            stderr: child.stderr.take().map(Descriptor::new),
            child,
            _lifeline: lifeline.into_ends().map(Descriptor::new),
            reaped: false,
        })
    }

    /// The program's pid, which is also its group's.
    pub fn pid(&self) -> crate::Pid {
        crate::Pid::from_raw(self.child.id() as i32)
    }

    /// Sends the input and then end-of-file, collects what the program prints until end-of-file, and waits for its end.
    /// Mirrors Python's `Popen.communicate`. A program that reads only a part of its input is no error.
    ///
    /// ```
    /// use std::process::{Command, Stdio};
    ///
    /// let mut command = Command::new("sort");
    /// command.stdin(Stdio::piped()).stdout(Stdio::piped());
    /// let output = shared::Subprocess::start(&mut command)?.communicate(b"b\na\n")?;
    /// assert_eq!(output.stdout, b"a\nb\n");
    /// # Ok::<(), shared::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - [`Error::NoStdin`] if there is input, and no pipe
    /// - [`Error::NotParent`] in any process but the one that started it
    pub fn communicate(self, input: &[u8]) -> Result<Output> {
        self.talk(input, None, true)
    }

    /// Like [`Subprocess::communicate`], but gives up after the timeout. The timeout is in real time, and covers
    /// everything: sending, reading and waiting.
    ///
    /// # Errors
    ///
    /// [`Error::ProgramTimedOut`] after the timeout, when the group has been killed, and the errors of
    /// [`Subprocess::communicate`].
    pub fn communicate_timeout(self, input: &[u8], timeout: Duration) -> Result<Output> {
        self.talk(input, deadline(timeout), true)
    }

    /// Waits for the program's end. What it prints into a pipe is read and dropped. Mirrors Python's `Popen.wait`.
    ///
    /// # Errors
    ///
    /// [`Error::NotParent`] in any process but the one that started it.
    pub fn wait(self) -> Result<ExitStatus> {
        Ok(self.talk(&[], None, false)?.status)
    }

    /// Like [`Subprocess::wait`], but gives up after the timeout.
    ///
    /// # Errors
    ///
    /// [`Error::ProgramTimedOut`] after the timeout, when the group has been killed, and the error of
    /// [`Subprocess::wait`].
    pub fn wait_timeout(self, timeout: Duration) -> Result<ExitStatus> {
        Ok(self.talk(&[], deadline(timeout), false)?.status)
    }

    /// Keeps the output only if the caller wants it: a program may print more than memory holds.
    fn talk(mut self, input: &[u8], deadline: Option<Instant>, keep: bool) -> Result<Output> {
        let pidfd = self.pidfd.get().ok_or(Error::NotParent)?;
        if self.stdin.is_none() && !input.is_empty() {
            return Err(Error::NoStdin { program: self.program.clone() });
        }
        let mut stdin = InputWriter { pipe: open(self.stdin.take())?, rest: input };
        let mut stdout = OutputReader { pipe: open(self.stdout.take())?, keep, bytes: Vec::new() };
        let mut stderr = OutputReader { pipe: open(self.stderr.take())?, keep, bytes: Vec::new() };
        loop {
            stdin.write_some()?;
            stdout.read_some()?;
            stderr.read_some()?;
            let pipes = [stdin.poll(), stdout.poll(), stderr.poll()];
            let mut pipes: Vec<PollFd<'_>> = pipes.into_iter().flatten().collect();
            if pipes.is_empty() {
                break;
            }
            self.wait_for(&mut pipes, deadline)?;
        }
        self.wait_for(&mut [PollFd::new(&*pidfd, PollFlags::IN)], deadline)?;
        let status = if has_its_pid(&pidfd) { self.child.wait() } else { Err(Errno::CHILD.into()) };
        self.reaped = true;
        let status = status.map_err(|error| self.not_reaped(error))?;
        Ok(Output { status, stdout: stdout.bytes, stderr: stderr.bytes })
    }

    /// The program has ended, and waitpid fails.
    fn not_reaped(&self, error: io::Error) -> Error {
        let source = match Errno::from_io_error(&error) {
            Some(Errno::CHILD) => io::Error::other(format!(
                "another part of the program has reaped {}; do not ignore SIGCHLD",
                self.program
            )),
            _ => error,
        };
        Error::System { call: "waitpid", source }
    }

    fn wait_for(&self, descriptors: &mut [PollFd<'_>], deadline: Option<Instant>) -> Result<()> {
        // A program that prints without end is always ready: look at the clock as well.
        let is_over = is_over(deadline);
        match ready(descriptors, deadline)? && !is_over {
            true => Ok(()),
            false => Err(Error::ProgramTimedOut { program: self.program.clone() }),
        }
    }
}

impl Drop for Subprocess {
    fn drop(&mut self) {
        // In a forked child the register has no pidfd: the program is the parent's.
        let Some(pidfd) = self.pidfd.get() else { return };
        // If something else has reaped it, what is left of its group is killed when the lifeline is closed.
        if self.reaped || !has_its_pid(&pidfd) {
            return;
        }
        // First kill the group, then wait: as long as its leader is not reaped, no other group can have its number.
        let _ = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
        // The program itself may have left the group. If it has become another user's, the kill fails, and to wait for
        // its end might take for ever.
        if self.child.kill().is_ok() {
            let _ = self.child.wait();
        }
    }
}

/// Whether the pid is still the program's own. Once the program has been reaped, another program and its group may get
/// the number.
fn has_its_pid(pidfd: &OwnedFd) -> bool {
    let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    // It also fails if `open_pidfd` found no program any more, and returned a pipe.
    waitid(WaitId::PidFd(pidfd.as_fd()), look).is_ok()
}

/// exec's ENOENT says that something is missing, not what: the program, its interpreter, or the folder to start in.
fn cannot_start(command: &Command, error: io::Error) -> Error {
    let program = command.get_program().to_string_lossy().into_owned();
    let folder = command.get_current_dir();
    let has_folder = folder.is_none_or(Path::is_dir);
    let is_there = || folder.unwrap_or(Path::new("")).join(&program).is_file();
    match error.kind() {
        io::ErrorKind::NotFound if has_folder && program.contains('/') && is_there() => {
            let source =
                io::Error::new(error.kind(), "its interpreter is missing, see its first line");
            Error::CannotStart { program, source }
        }
        io::ErrorKind::NotFound if has_folder => Error::NotFound { program },
        _ => Error::CannotStart { program, source: error },
    }
}

/// The program's name without its folder.
fn file_name(command: &Command) -> String {
    let path = Path::new(command.get_program());
    path.file_name().unwrap_or(command.get_program()).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_program_that_is_always_ready_meets_its_limit() {
        let subprocess = Subprocess::start(Command::new("sleep").arg("100")).unwrap();
        let (reader, mut writer) = io::pipe().unwrap();
        writer.write_all(b"x").unwrap();
        let mut pipes = [PollFd::new(&reader, PollFlags::IN)];
        subprocess.wait_for(&mut pipes, None).unwrap();
        let error = subprocess.wait_for(&mut pipes, Some(Instant::now())).unwrap_err();
        assert!(matches!(error, Error::ProgramTimedOut { .. }), "{error}");
    }
}
