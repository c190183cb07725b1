//! Watches a program until it ends, or until it must be stopped.

use std::io::{self, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, poll};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use signal_hook::consts::{SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::flag;
use signal_hook::low_level::pipe;

use super::capture::Capture;
use super::{Fault, Host};
use crate::cancel::timeout;
use crate::census::{Births, Census};
use crate::exit::Exit;
use crate::folder::Folder;
use crate::launch::Launch;
use crate::message::{Assignment, CONTINUE, SUSPEND};
use crate::processes;
use crate::recording::{Ending, Stream};
use crate::schedule::{self, Steer};

/// How often the supervisor looks around when nothing happens.
const LOOK_INTERVAL: Duration = Duration::from_millis(10);
/// How long it may take to stop processes that keep forking.
const STOPPING: Duration = Duration::from_secs(1);

/// Signals to the supervisor. Having a handler matters for the program too: exec resets a handled signal to its
/// default, but an ignored signal would stay ignored, and a shell's `&` ignores SIGINT.
pub(super) struct Signals {
    /// Readable after a signal.
    wake: UnixStream,
    /// The last signal that would have ended this process.
    fatal: Arc<AtomicUsize>,
}

impl Signals {
    pub(super) fn listen() -> io::Result<Self> {
        let (wake, ring) = UnixStream::pair()?;
        wake.set_nonblocking(true)?;
        let fatal = Arc::new(AtomicUsize::new(0));
        for signal in [SIGINT, SIGQUIT, SIGTERM, SIGHUP] {
            // In this order: the loop that is woken finds the number.
            flag::register_usize(signal, Arc::clone(&fatal), signal as usize)?;
            pipe::register(signal, ring.try_clone()?)?;
        }
        pipe::register(SIGCHLD, ring)?;
        Ok(Self { wake, fatal })
    }

    fn fatal(&self) -> Option<i32> {
        i32::try_from(self.fatal.load(Ordering::Relaxed)).ok().filter(|signal| *signal != 0)
    }
}

/// A running program and its watch.
pub(super) struct Watch {
    leader: Child,
    steer: Box<dyn Steer>,
    pub(super) census: Census,
    stdout: Capture,
    stderr: Capture,
    start: Instant,
    /// How long it was suspended.
    suspended: Duration,
    deadline: Duration,
    /// How long the leader had lived at the last look.
    pub(super) wall: Duration,
}

impl Watch {
    pub(super) fn start(assignment: &Assignment) -> Result<Self, Fault> {
        let Assignment { launch, schedule, folder, .. } = assignment;
        let mut command = command(launch, folder)?;
        let births = Births::from_now_on();
        let start = Instant::now();
        let (mut leader, steer) = schedule::start(schedule, &mut command).map_err(Fault::Start)?;
        let census = Census::of(Pid::from_raw(leader.id().cast_signed()), births);
        let stdout = Capture::new(Stream::Stdout, leader.stdout.take().map(OwnedFd::from))?;
        let stderr = Capture::new(Stream::Stderr, leader.stderr.take().map(OwnedFd::from))?;
        Ok(Self {
            leader,
            steer,
            census,
            stdout,
            stderr,
            start,
            suspended: Duration::ZERO,
            deadline: launch.deadline,
            wall: Duration::ZERO,
        })
    }

    /// The time since the start, without the time for which it was suspended.
    fn now(&self) -> Duration {
        self.start.elapsed().saturating_sub(self.suspended)
    }

    /// Sends the host what the program prints, until the leader ends or must be stopped. Returns None if the host
    /// cancels.
    pub(super) fn until_the_end(
        &mut self,
        signals: &Signals,
        host: &mut Host,
    ) -> io::Result<Option<Ending>> {
        let ending = self.until_something_ends_it(signals, host);
        // A process that is held cannot end, and would be reported as left behind, or as stopped.
        self.steer = Box::new(schedule::Nothing);
        ending
    }

    fn until_something_ends_it(
        &mut self,
        signals: &Signals,
        host: &mut Host,
    ) -> io::Result<Option<Ending>> {
        loop {
            // Before the leader is reaped: how long it has waited for a processor is known only until then.
            self.census.look(self.now());
            let status = self.leader.try_wait()?;
            self.wall = self.now();
            if let Some(status) = status {
                let exit = Exit::from(status);
                self.census.leader_ended(self.wall, exit);
                return Ok(Some(exit.into()));
            }
            if let Some(signal) = signals.fatal() {
                return Ok(Some(Ending::SupervisorKilled(signal)));
            }
            if self.wall >= self.deadline {
                return Ok(Some(Ending::Deadline));
            }
            if let Some(stream) = self.stdout.flood().or(self.stderr.flood()) {
                return Ok(Some(Ending::Flood(stream)));
            }
            let pause = self.steer.steer().min(LOOK_INTERVAL).min(self.deadline - self.wall);
            if !self.wait(signals, host, pause)? {
                return Ok(None);
            }
        }
    }

    /// The process group in which the program was started.
    pub(super) fn group(&self) -> Pid {
        Pid::from_raw(self.leader.id().cast_signed())
    }

    /// Sends the host the rest of the pipes, after all writers are dead.
    pub(super) fn drain(&mut self, host: &mut Host) -> io::Result<()> {
        let mut lines = Vec::new();
        self.stdout.drain(self.wall, &mut lines)?;
        self.stderr.drain(self.wall, &mut lines)?;
        host.send_lines(lines)
    }

    /// Waits until something happens, and passes on what can be read. Returns false if the host cancels.
    fn wait(&mut self, signals: &Signals, host: &mut Host, pause: Duration) -> io::Result<bool> {
        let stdin = io::stdin();
        let mut waits = vec![
            PollFd::new(stdin.as_fd(), PollFlags::POLLIN),
            PollFd::new(signals.wake.as_fd(), PollFlags::POLLIN),
        ];
        let sources = [self.stdout.source(), self.stderr.source()].into_iter().flatten();
        waits.extend(sources.map(|source| PollFd::new(source, PollFlags::POLLIN)));
        match poll(&mut waits, timeout(pause)) {
            Ok(0) => return Ok(true),
            Ok(_) | Err(Errno::EINTR) => {}
            Err(error) => return Err(error.into()),
        }
        let happened = |at: usize| waits[at].any().unwrap_or(true);
        let (told, signalled) = (happened(0), happened(1));
        if told && !self.obey(&mut stdin.lock())? {
            return Ok(false);
        }
        if signalled {
            _ = (&signals.wake).read(&mut [0; 64]);
            self.census.reap_orphans(self.now());
        }
        let now = self.now();
        let mut lines = Vec::new();
        self.stdout.read(now, &mut lines)?;
        self.stderr.read(now, &mut lines)?;
        host.send_lines(lines)?;
        Ok(true)
    }

    /// Does what the host's next byte says. Returns false at the end-of-file.
    fn obey(&mut self, tether: &mut impl Read) -> io::Result<bool> {
        let Some(mut word) = next(tether)? else {
            return Ok(false);
        };
        if word != SUSPEND {
            return Ok(true);
        }
        let since = Instant::now();
        let stopped = stop_descendants();
        while word != CONTINUE {
            match next(tether)? {
                Some(another) => word = another,
                None => return Ok(false),
            }
        }
        for pid in stopped {
            _ = kill(pid, Signal::SIGCONT);
        }
        self.suspended += since.elapsed();
        Ok(true)
    }
}

fn command(launch: &Launch, folder: &Folder) -> Result<Command, Fault> {
    let mut words = launch.command.iter();
    let empty = || Fault::Start(io::Error::other("the command is empty"));
    let mut command = Command::new(words.next().ok_or_else(empty)?);
    command
        .args(words)
        .current_dir(launch.directory.clone().unwrap_or_else(|| folder.working()))
        .env("TMPDIR", folder.temporary())
        // The same on every machine: messages in English, and panics without a backtrace.
        .env("LC_ALL", "C.UTF-8")
        .env("RUST_BACKTRACE", "0")
        .envs(launch.environment.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0);
    Ok(command)
}

/// The host's next byte; None at the end-of-file.
pub(super) fn next(tether: &mut impl Read) -> io::Result<Option<u8>> {
    let mut word = [0];
    loop {
        match tether.read(&mut word) {
            Ok(0) => return Ok(None),
            Ok(_) => return Ok(Some(word[0])),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Stops all descendants of this process, and returns those that were not stopped before.
fn stop_descendants() -> Vec<Pid> {
    let mut stopped = Vec::new();
    let start = Instant::now();
    while start.elapsed() < STOPPING {
        let mut family = processes::descendants();
        family.retain(|process| !process.has_ended() && !process.is_stopped());
        if family.is_empty() {
            break;
        }
        for process in family {
            _ = kill(process.pid, Signal::SIGSTOP);
            if !stopped.contains(&process.pid) {
                stopped.push(process.pid);
            }
        }
        // Wait a moment until they are stopped, and until a fork that was under way shows.
        thread::sleep(Duration::from_millis(1));
    }
    stopped
}
