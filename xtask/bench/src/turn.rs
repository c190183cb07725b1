//! A contender's turn: starts its program, watches it, and reads its figure.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, killpg};
use nix::sys::wait::{Id, WaitPidFlag, waitid};
use nix::unistd::Pid;

use crate::error::{Error, Result};
use crate::figure::Figure;

/// The bench stops a program that runs longer than this. The slowest need a few seconds.
const LIMIT: Duration = Duration::from_secs(60);
/// How often to check whether the measurement is cancelled: too seldom to affect a figure.
const LOOK: Duration = Duration::from_millis(100);

/// Runs the program to its end. The figure is the last line that it prints.
///
/// # Errors
///
/// [`Error::Cancelled`] if it was cancelled before the end. A program that fails is not an error: its figure is
/// missing.
pub(crate) fn take(command: &mut Command, is_cancelled: &dyn Fn() -> bool) -> Result<Figure> {
    match run(command, is_cancelled) {
        Ok(Some(end)) => Ok(end.figure()),
        Ok(None) => Err(Error::Cancelled),
        Err(error) => Ok(Err(reason(command, &error))),
    }
}

/// `None` if it was cancelled. All processes that the program has started are killed with it.
fn run(command: &mut Command, is_cancelled: &dyn Fn() -> bool) -> io::Result<Option<End>> {
    // Files instead of pipes, so that they need not be read meanwhile.
    let (mut stdout, mut stderr) = (tempfile::tempfile()?, tempfile::tempfile()?);
    // A new process group: at the end, everything that the program started can be killed with it.
    let mut program = command
        .stdin(Stdio::null())
        .stdout(stdout.try_clone()?)
        .stderr(stderr.try_clone()?)
        .process_group(0)
        .spawn()?;
    let group = Pid::from_raw(program.id().cast_signed());
    let (sender, end) = mpsc::channel();
    // Waits without reaping: while the program is a zombie, no other process can get its number.
    let look = move || waitid(Id::Pid(group), WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT);
    thread::spawn(move || sender.send(look()));
    let waited = wait(&end, is_cancelled);
    let _ = killpg(group, Signal::SIGKILL); // The program, or what it has left behind.
    let status = program.wait()?;
    match waited {
        Waited::Ended => {
            Ok(Some(End { status, stdout: text(&mut stdout)?, stderr: text(&mut stderr)? }))
        }
        Waited::Cancelled => Ok(None),
        Waited::TooLong => Err(io::ErrorKind::TimedOut.into()),
    }
}

/// Why a wait is over.
enum Waited {
    Ended,
    Cancelled,
    TooLong,
}

fn wait<T>(end: &Receiver<T>, is_cancelled: &dyn Fn() -> bool) -> Waited {
    let start = Instant::now();
    loop {
        if is_cancelled() {
            return Waited::Cancelled;
        }
        match end.recv_timeout(LOOK) {
            Err(RecvTimeoutError::Timeout) if start.elapsed() < LIMIT => {}
            Err(RecvTimeoutError::Timeout) => return Waited::TooLong,
            Ok(_) | Err(RecvTimeoutError::Disconnected) => return Waited::Ended,
        }
    }
}

/// How a program ended.
struct End {
    status: ExitStatus,
    stdout: String,
    stderr: String,
}

impl End {
    /// The figure is the last line; the lines above it come from criterion.
    fn figure(&self) -> Figure {
        let figure = self.stdout.lines().last().and_then(|line| line.parse().ok());
        match figure.filter(|figure: &f64| self.status.success() && figure.is_finite()) {
            Some(figure) => Ok(figure),
            None => {
                let last = self.stderr.lines().rfind(|line| !line.trim().is_empty());
                Err(last.map_or_else(|| self.status.to_string(), |line| harmless(line.trim())))
            }
        }
    }
}

/// A program's output must not control the terminal.
fn harmless(line: &str) -> String {
    let escape = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.into() };
    line.chars().map(escape).collect()
}

fn reason(command: &Command, error: &io::Error) -> String {
    let program = command.get_program().display();
    match error.kind() {
        io::ErrorKind::NotFound => format!("{program} is not installed"),
        io::ErrorKind::TimedOut => format!("not done after {} s", LIMIT.as_secs()),
        _ => format!("cannot run {program}: {error}"),
    }
}

/// The whole content of a file.
fn text(file: &mut File) -> io::Result<String> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::process::ExitStatusExt;

    use super::*;

    fn figure(code: i32, stdout: &str, stderr: &str) -> Figure {
        let status = ExitStatus::from_raw(code << 8);
        End { status, stdout: stdout.to_owned(), stderr: stderr.to_owned() }.figure()
    }

    #[test]
    fn the_last_line_is_the_figure() {
        assert_eq!(figure(0, "time: [1 2 3]\n\n12.5\n", "Gnuplot not found\n"), Ok(12.5));
        assert_eq!(
            figure(77, "", "loky is not installed\n\n"),
            Err("loky is not installed".into())
        );
        assert_eq!(figure(1, "", "\u{1b}[2Jgone\n"), Err(r"\u{1b}[2Jgone".into()));
        assert_eq!(figure(1, "12.5\n", ""), Err("exit status: 1".into()), "not of one that failed");
        assert_eq!(figure(0, "inf\n", ""), Err("exit status: 0".into()), "not of no time at all");
    }

    fn shell(script: &str) -> Command {
        let mut shell = Command::new("sh");
        shell.args(["-c", script]);
        shell
    }

    #[test]
    fn a_program_takes_along_what_it_has_started() {
        let folder = tempfile::tempdir().unwrap();
        let pid = folder.path().join("pid");
        let mut program = shell(&format!("sleep 100 & echo $! > {}; echo 7", pid.display()));
        assert_eq!(take(&mut program, &|| false).unwrap(), Ok(7.0));
        let pid = fs::read_to_string(pid).unwrap();
        let stat = format!("/proc/{}/stat", pid.trim());
        // It dies soon, and its new parent may take a moment to reap it.
        let start = Instant::now();
        while fs::read_to_string(&stat).is_ok_and(|stat| !stat.contains(") Z ")) {
            assert!(start.elapsed() < LIMIT, "it lives on");
            thread::sleep(LOOK);
        }
    }

    #[test]
    fn one_that_is_cancelled_ends_at_once() {
        let start = Instant::now();
        assert!(matches!(take(&mut shell("sleep 100"), &|| true), Err(Error::Cancelled)));
        assert!(start.elapsed() < LIMIT, "it was waited for");
    }

    #[test]
    fn what_cannot_be_started_is_told_by_name() {
        let figure = take(&mut Command::new("no-such-python"), &|| false).unwrap();
        assert_eq!(figure, Err("no-such-python is not installed".to_owned()));
    }
}
