//! Plays one scene under guard: whatever the scene starts, the supervisor ends.
//!
//! Every run has a supervisor of its own: xtask once more, with the hidden command `supervise`. It is a child subreaper,
//! so that a process of the scene that loses its parent becomes the supervisor's and not init's. Its stdin is a tether:
//! when it closes, because xtask wants to stop or is dead, the supervisor kills the scene and ends. On stdout goes one
//! line of JSON, a [`Finding`] or an error's text, and after it the bytes that the scene printed, untouched.

use std::io::{self, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::prctl;
use nix::unistd::Pid;
use serde::{Deserialize, Serialize};
use signal_hook::consts::{SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::low_level::pipe;

use super::capture::Capture;
use super::left::{self, Left, SharedMemory, Witness};
use super::processes;
use super::shake::Disturber;
use crate::answer::{Answer, Error, Result};
use crate::cli;

/// No lesson prints as much, and nobody would read it.
const STDOUT_LIMIT: usize = 16 << 20;
/// Of stderr the end is enough.
const STDERR_KEPT: usize = 1 << 20;
/// How often the supervisor looks around when nothing happens.
const GLANCE: Duration = Duration::from_millis(10);

/// What to play.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    /// The program's path and its arguments.
    pub(crate) command: Vec<String>,
    pub(crate) deadline: Duration,
    /// An empty folder: the scene's TMPDIR.
    pub(crate) temporary: PathBuf,
    /// With a seed, the run is disturbed.
    pub(crate) seed: Option<u64>,
}

/// What came of it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Finding {
    pub(crate) ended: Ended,
    pub(crate) left: Vec<Left>,
    pub(crate) seconds: f64,
    /// How many bytes of stdout follow, and of stderr after them.
    pub(crate) stdout: usize,
    pub(crate) stderr: usize,
}

/// A finding with the bytes that belong to it.
pub(crate) struct Played {
    pub(crate) finding: Finding,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Ended {
    /// By itself, with this exit status.
    Code(i32),
    /// Killed by this signal.
    Signal(i32),
    /// It was stopped at its deadline.
    Deadline,
    /// It was stopped since it printed more than anybody reads.
    Flood,
    /// It was stopped since nobody wants to know any more.
    Stopped,
}

impl From<ExitStatus> for Ended {
    fn from(status: ExitStatus) -> Self {
        match status.code() {
            Some(code) => Self::Code(code),
            None => Self::Signal(status.signal().unwrap_or_default()),
        }
    }
}

/// The hidden command: plays what was ordered and reports on stdout.
pub(crate) fn supervise(arguments: &cli::Supervise) -> Result {
    let played = serde_json::from_str(&arguments.run)
        .map_err(io::Error::from)
        .and_then(|order| play(&order));
    report(played).map_err(|error| match error.kind() {
        // Whoever asked is dead.
        io::ErrorKind::BrokenPipe => Error::NoReader,
        _ => Error::Question(format!("cannot report: {error}")),
    })?;
    Ok(Answer::Held)
}

fn report(played: io::Result<Played>) -> io::Result<()> {
    let (finding, bytes) = match played {
        Ok(played) => (Ok(played.finding), [played.stdout, played.stderr].concat()),
        Err(error) => (Err(error.to_string()), Vec::new()),
    };
    let mut stdout = io::stdout().lock();
    serde_json::to_writer(&mut stdout, &finding)?;
    stdout.write_all(b"\n")?;
    stdout.write_all(&bytes)?;
    stdout.flush()
}

/// Plays the scene, and ends all that it started.
fn play(order: &Order) -> io::Result<Played> {
    let stop = wake_on(&[SIGINT, SIGQUIT, SIGTERM, SIGHUP])?;
    let child = wake_on(&[SIGCHLD])?;
    prctl::set_child_subreaper(true)?;

    let shared_memory = SharedMemory::now();
    let mut scene = Scene::start(order)?;
    let ended = scene.watch(&stop, &child);
    // First the witness, then the end of everybody: a failed watch, too, leaves nothing behind.
    let mut left = match ended {
        Ok(Ended::Code(_) | Ended::Signal(_)) => scene.witness.left_behind(),
        Ok(Ended::Deadline) => left::running(),
        _ => Vec::new(),
    };
    processes::kill_descendants(scene.group());
    left.extend(left::temporary(&order.temporary));
    left.extend(shared_memory.new_since());
    // xtask does so as well, unless it is dead.
    _ = std::fs::remove_dir_all(&order.temporary);

    scene.stdout.drain()?;
    scene.stderr.drain()?;
    let finding = Finding {
        ended: ended?,
        left,
        seconds: scene.seconds,
        stdout: scene.stdout.bytes.len(),
        stderr: scene.stderr.bytes.len(),
    };
    Ok(Played { finding, stdout: scene.stdout.bytes, stderr: scene.stderr.bytes })
}

/// A socket that becomes readable when one of the signals comes. That a handler stands matters as well: exec sets it
/// back to the default, but it would leave an ignored signal ignored, and a shell's `&` ignores SIGINT.
fn wake_on(signals: &[i32]) -> io::Result<UnixStream> {
    let (ours, theirs) = UnixStream::pair()?;
    for signal in signals {
        pipe::register(*signal, theirs.try_clone()?)?;
    }
    ours.set_nonblocking(true)?;
    Ok(ours)
}

/// A running scene.
struct Scene {
    leader: Child,
    witness: Witness,
    disturber: Option<Disturber>,
    stdout: Capture,
    stderr: Capture,
    start: Instant,
    deadline: Instant,
    /// How long the leader lived.
    seconds: f64,
}

impl Scene {
    fn start(order: &Order) -> io::Result<Self> {
        let mut words = order.command.iter();
        let program = words.next().ok_or_else(|| io::Error::other("the command is empty"))?;
        let mut command = Command::new(program);
        command
            .args(words)
            .env("TMPDIR", &order.temporary)
            // The same for everybody: other programs' messages in English, a panic without its backtrace.
            .env("LC_ALL", "C.UTF-8")
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0);
        // Before the start, so that the scene inherits its one core.
        let disturber = order.seed.map(Disturber::new);
        let start = Instant::now();
        let mut leader = command.spawn()?;
        let witness = Witness::new(Pid::from_raw(leader.id().cast_signed()));
        let stdout = Capture::new(leader.stdout.take().map(OwnedFd::from), STDOUT_LIMIT)?;
        let stderr = Capture::new(leader.stderr.take().map(OwnedFd::from), STDERR_KEPT)?;
        Ok(Self {
            leader,
            witness,
            disturber,
            stdout,
            stderr,
            start,
            deadline: start + order.deadline,
            seconds: 0.0,
        })
    }

    fn group(&self) -> Pid {
        Pid::from_raw(self.leader.id().cast_signed())
    }

    /// Reads what the scene prints until its leader ends, or until it is enough.
    fn watch(&mut self, stop: &UnixStream, child: &UnixStream) -> io::Result<Ended> {
        loop {
            let status = self.leader.try_wait()?;
            self.seconds = self.start.elapsed().as_secs_f64();
            if let Some(status) = status {
                // Who is held cannot end, and would be reported as left behind.
                self.disturber = None;
                return Ok(status.into());
            }
            if Instant::now() >= self.deadline {
                return Ok(Ended::Deadline);
            }
            if self.stdout.bytes.len() > STDOUT_LIMIT {
                return Ok(Ended::Flood);
            }
            self.witness.look();
            let next = self.disturber.as_mut().map(Disturber::disturb);
            let pause = next.into_iter().fold(GLANCE, Duration::min);
            if self.wait(stop, child, pause)? {
                return Ok(Ended::Stopped);
            }
        }
    }

    /// Waits until something happens and takes in what there is to read; true if the scene is to stop.
    fn wait(&mut self, stop: &UnixStream, child: &UnixStream, pause: Duration) -> io::Result<bool> {
        let stdin = io::stdin();
        let mut waits = vec![
            PollFd::new(stdin.as_fd(), PollFlags::POLLIN),
            PollFd::new(stop.as_fd(), PollFlags::POLLIN),
            PollFd::new(child.as_fd(), PollFlags::POLLIN),
        ];
        let pipes = [&self.stdout.pipe, &self.stderr.pipe];
        waits.extend(
            pipes.into_iter().flatten().map(|pipe| PollFd::new(pipe.as_fd(), PollFlags::POLLIN)),
        );
        let pause = pause.min(self.deadline.saturating_duration_since(Instant::now()));
        // Rounded up: 0 ms would be a busy loop in the last millisecond.
        let pause =
            PollTimeout::try_from(pause + Duration::from_millis(1)).unwrap_or(PollTimeout::MAX);
        match poll(&mut waits, pause) {
            Ok(_) | Err(nix::errno::Errno::EINTR) => {}
            Err(error) => return Err(error.into()),
        }
        let happened = |at: usize| waits[at].any().unwrap_or(true);
        let (stopped, child_ended) = (happened(0) || happened(1), happened(2));
        if child_ended {
            _ = (&*child).read(&mut [0; 64]);
            self.witness.reap_orphans();
        }
        self.stdout.read()?;
        self.stderr.read()?;
        Ok(stopped)
    }
}
