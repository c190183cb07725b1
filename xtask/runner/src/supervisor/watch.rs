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
use nix::poll::{PollFd, PollFlags, ppoll};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use signal_hook::consts::{SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::flag;
use signal_hook::low_level::pipe;

use super::capture::Capture;
use super::{Fault, Host};
use crate::census::{Births, Census};
use crate::direct::Step;
use crate::exit::Exit;
use crate::folder::Folder;
use crate::launch::Launch;
use crate::message::{Assignment, Message, Word};
use crate::processes;
use crate::recording::{Ending, Stream};
use crate::schedule::{self, Next, Steer};

/// How often the supervisor looks around when nothing happens.
const LOOK_INTERVAL: Duration = Duration::from_millis(10);
/// How long it may take to stop processes that keep forking.
const STOPPING: Duration = Duration::from_secs(1);
/// How many looks must find no process to stop. One look may miss a process that is forked while it reads /proc.
const LOOKS_IN_VAIN: u32 = 2;

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
    /// How long it was suspended, or waited for the host's choice.
    suspended: Duration,
    /// Since when it has waited for the host's choice.
    asked: Option<Instant>,
    /// Whether the host has no further use for the run.
    abandoned: bool,
    /// The steps of a directed run that the host does not know yet.
    pub(super) steps: Vec<Step>,
    deadline: Duration,
    /// How long the leader had lived at the last look.
    pub(super) wall: Duration,
}

impl Watch {
    pub(super) fn start(assignment: &Assignment) -> Result<Self, Fault> {
        let Assignment { launch, schedule, folder, .. } = assignment;
        let command = command(launch, folder)?;
        let births = Births::from_now_on();
        let start = Instant::now();
        let (mut leader, steer) = schedule::start(schedule, command)?;
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
            asked: None,
            abandoned: false,
            steps: Vec::new(),
            deadline: launch.deadline,
            wall: Duration::ZERO,
        })
    }

    /// The time since the start, without the time for which it was suspended, or waited for the host's choice.
    fn now(&self) -> Duration {
        let now = self.asked.unwrap_or_else(Instant::now);
        (now - self.start).saturating_sub(self.suspended)
    }

    /// Sends the host what the program prints, until the leader ends or must be stopped. Returns None if the host
    /// cancels.
    pub(super) fn until_the_end(
        &mut self,
        signals: &Signals,
        host: &mut Host,
    ) -> io::Result<Option<Ending>> {
        let ending = self.until_something_ends_it(signals, host);
        self.steps = self.steer.steps();
        if matches!(ending, Ok(None | Some(Ending::Flood(_) | Ending::Abandoned))) {
            // What is held must not happen: no one asks what this run leaves behind.
            processes::kill_descendants(self.group());
        }
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
            if self.abandoned {
                return Ok(Some(Ending::Abandoned));
            }
            let pause = match self.steer.steer(self.wall)? {
                Next::Pause(pause) => pause,
                Next::Ask(question) => {
                    host.send(&Message::Asked(question))?;
                    self.asked = Some(Instant::now());
                    LOOK_INTERVAL
                }
                Next::End(ending) => return Ok(Some(ending)),
            };
            let pause = pause.min(LOOK_INTERVAL).min(self.deadline - self.wall);
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
        let mut waits = vec![
            PollFd::new(host.tether.as_fd(), PollFlags::POLLIN),
            PollFd::new(signals.wake.as_fd(), PollFlags::POLLIN),
        ];
        let sources = [self.stdout.source(), self.stderr.source()].into_iter().flatten();
        let sources = sources.chain(self.steer.source());
        waits.extend(sources.map(|source| PollFd::new(source, PollFlags::POLLIN)));
        match ppoll(&mut waits, Some(pause.into()), None) {
            Ok(0) => return Ok(true),
            Ok(_) | Err(Errno::EINTR) => {}
            Err(error) => return Err(error.into()),
        }
        let happened = |at: usize| waits[at].any().unwrap_or(true);
        let (has_word, has_signal) = (happened(0), happened(1));
        if has_word && !self.obey(&mut host.tether)? {
            return Ok(false);
        }
        if has_signal {
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

    /// Does what the host's next word says. Returns false at the end-of-file.
    fn obey(&mut self, tether: &mut impl Read) -> io::Result<bool> {
        let Some(word) = Word::read(tether)? else {
            return Ok(false);
        };
        if word != Word::Suspend {
            self.decide(word);
            return Ok(true);
        }
        let since = Instant::now();
        let stopped = stop_descendants(&*self.steer);
        let mut decision = None;
        loop {
            match Word::read(tether)? {
                None => return Ok(false),
                Some(Word::Continue) => break,
                Some(Word::Suspend) => {}
                // It was on its way when the host stopped.
                Some(word) => decision = Some(word),
            }
        }
        for pid in stopped {
            _ = kill(pid, Signal::SIGCONT);
        }
        // If it waits for a choice, all of that time is left out anyway.
        if self.asked.is_none() {
            self.suspended += since.elapsed();
        }
        decision.into_iter().for_each(|word| self.decide(word));
        Ok(true)
    }

    /// Does what the host has decided, if the word is a decision.
    fn decide(&mut self, word: Word) {
        let now = self.now();
        match word {
            Word::Take(option) => self.steer.choose(option as usize, now),
            Word::Abandon => self.abandoned = true,
            Word::Suspend | Word::Continue => return,
        }
        if let Some(asked) = self.asked.take() {
            self.suspended += asked.elapsed();
        }
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

/// Stops all descendants of this process, and returns those that were not stopped before. One that is held in a system
/// call does not go on either; it stops when it is let go.
fn stop_descendants(steer: &dyn Steer) -> Vec<Pid> {
    let mut stopped = Vec::new();
    let start = Instant::now();
    let mut looks_in_vain = 0;
    while looks_in_vain < LOOKS_IN_VAIN && start.elapsed() < STOPPING {
        let mut family = processes::descendants();
        family.retain(|process| !process.has_ended() && !process.is_stopped());
        // Those that are held will not stop, however often they are told to.
        let can_wait = family
            .iter()
            .all(|process| steer.holds(process.pid.as_raw()) && stopped.contains(&process.pid));
        looks_in_vain = if can_wait { looks_in_vain + 1 } else { 0 };
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
