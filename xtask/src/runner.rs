//! Runs a scene, under a supervisor, and tells what happened.

mod capture;
mod heartbeat;
mod interrupt;
mod left;
mod processes;
mod shake;
mod supervisor;

use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};

use nix::sys::prctl;
use transcript::Timing;

use self::heartbeat::{Heartbeat, tolerated};
use self::supervisor::{Finding, Order, Played};
use crate::answer::{Error, Result};

pub(crate) use self::interrupt::Interrupt;
pub(crate) use self::left::Left;
pub(crate) use self::shake::Load;
pub(crate) use self::supervisor::{Ended, supervise};

/// How long after the deadline a supervisor may need to clean up and report.
const PATIENCE: Duration = Duration::from_secs(30);

/// How much longer a run may take that is disturbed on purpose.
const SHAKEN: u32 = 4;

/// How much faster than life lesson time runs in a check, if nobody asks for another speed.
pub(crate) const SPEED: u32 = 20;

/// A scene to run.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    /// The program's path and its arguments, without the speed.
    pub(crate) command: Vec<String>,
    /// In real time at [`SPEED`], undisturbed.
    pub(crate) deadline: Duration,
    /// How fast lesson time runs: decides which stall of the machine matters.
    pub(crate) speed: u32,
    /// Disturb the run, with decisions from this seed.
    pub(crate) shake: Option<u64>,
}

impl Run {
    /// The run of `command`, as a transcript writes it, with `binary` in the place of its first word.
    pub(crate) fn new(command: &[String], binary: &Path, deadline: Duration) -> Self {
        let program = binary.to_string_lossy().into_owned();
        let arguments = command.iter().skip(1).cloned();
        let command = [program].into_iter().chain(arguments).collect();
        Self { command, deadline, speed: SPEED, shake: None }
    }

    fn order(&self, temporary: &Path) -> Order {
        let mut command = self.command.clone();
        command.extend(["--speed".to_owned(), self.speed.to_string()]);
        let patience = if self.shake.is_some() { SHAKEN } else { 1 };
        Order {
            command,
            deadline: self.deadline * SPEED * patience / self.speed,
            temporary: temporary.to_owned(),
            seed: self.shake,
        }
    }
}

/// What happened.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) stdout: Vec<u8>,
    /// Its end, if there was much of it.
    pub(crate) stderr: Vec<u8>,
    pub(crate) ended: Ended,
    pub(crate) left: Vec<Left>,
    /// Real seconds, until the leader ended.
    pub(crate) seconds: f64,
    /// The longest time for which one of the machine's cores stood still meanwhile.
    pub(crate) stall: Duration,
    /// Whether claims about time can be judged: not if the machine stood still too long, or was disturbed on purpose.
    pub(crate) timing: Timing,
}

/// Runs scenes, several at a time if several threads ask.
pub(crate) struct Runner {
    heartbeat: Heartbeat,
    pub(crate) interrupt: Interrupt,
    /// Read by a run among others, written by one that must be alone.
    alone: RwLock<()>,
}

impl Runner {
    pub(crate) fn new() -> Result<Self> {
        // What a killed supervisor leaves becomes our child, and we can reap it.
        prctl::set_child_subreaper(true).map_err(|errno| failed(&errno.into()))?;
        Ok(Self {
            heartbeat: Heartbeat::start(),
            interrupt: Interrupt::listen().map_err(|error| failed(&error))?,
            alone: RwLock::new(()),
        })
    }

    /// Whether somebody pressed Ctrl-C.
    pub(crate) fn interrupted(&self) -> bool {
        self.interrupt.came()
    }

    /// Runs it to its end, which is at most some moments after its deadline. Nothing is left of it afterwards.
    pub(crate) fn run(&self, run: &Run) -> Result<Report> {
        let report = {
            let _among_others = self.alone.read().unwrap_or_else(PoisonError::into_inner);
            self.run_once(run)?
        };
        if !report.left.iter().any(Left::is_shared) {
            return Ok(report);
        }
        // All share /dev/shm: if the scene leaves nothing there when it runs alone, it was somebody else.
        let _alone = self.alone.write().unwrap_or_else(PoisonError::into_inner);
        let again = self.run_once(run)?;
        // A scene may end otherwise because of what it has left there.
        let innocent = again.ended == report.ended && !again.left.iter().any(Left::is_shared);
        Ok(if innocent { again } else { report })
    }

    fn run_once(&self, run: &Run) -> Result<Report> {
        if self.interrupted() {
            return Err(Error::Interrupted);
        }
        let start = Instant::now();
        let report = self.supervise(run);
        if self.interrupted() {
            return Err(Error::Interrupted);
        }
        let played = report.map_err(|error| failed(&error))?;
        let stall = self.heartbeat.longest_since(start);
        let steady = run.shake.is_none() && stall <= tolerated(run.speed);
        Ok(Report {
            stdout: played.stdout,
            stderr: played.stderr,
            ended: played.finding.ended,
            left: played.finding.left,
            seconds: played.finding.seconds,
            stall,
            timing: if steady { Timing::Judged } else { Timing::Waived },
        })
    }

    fn supervise(&self, run: &Run) -> io::Result<Played> {
        let temporary = tempfile::Builder::new().prefix("scene-").tempdir()?;
        let order = run.order(temporary.path());
        // Not current_exe: cargo may have replaced the file since we started. A group of its own keeps the terminal's
        // Ctrl-C from it; we pass the wish on, and it tidies up first.
        let mut supervisor = Command::new("/proc/self/exe")
            .arg0("xtask")
            .arg("supervise")
            .arg(serde_json::to_string(&order)?)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()?;
        let mut tether = supervisor.stdin.take();
        let stdout = supervisor.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let limit = order.deadline + PATIENCE;
        let reply = self.interrupt.read_to_end(stdout, Some(limit), || tether = None);
        if reply.is_err() {
            _ = supervisor.kill();
        }
        let status = supervisor.wait()?;
        let died = || io::Error::other(format!("the supervisor died ({status})"));
        let played = reply.and_then(|reply| parse(&reply).unwrap_or_else(|| Err(died())));
        if played.is_err() {
            processes::kill_marked(format!("TMPDIR={}", temporary.path().display()).as_bytes());
        }
        played
    }
}

/// A supervisor's reply: its finding or its error in one line, then the bytes of stdout and stderr. None if it is cut
/// short.
fn parse(reply: &[u8]) -> Option<io::Result<Played>> {
    let end = reply.iter().position(|byte| *byte == b'\n')?;
    let (line, bytes) = reply.split_at(end);
    match serde_json::from_slice::<std::result::Result<Finding, String>>(line).ok()? {
        Err(error) => Some(Err(io::Error::other(error))),
        Ok(finding) => {
            let (stdout, stderr) = bytes[1..].split_at_checked(finding.stdout)?;
            let whole = stderr.len() == finding.stderr;
            whole.then(|| Ok(Played { finding, stdout: stdout.to_vec(), stderr: stderr.to_vec() }))
        }
    }
}

fn failed(error: &io::Error) -> Error {
    Error::Question(format!("cannot run the scene: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_keeps_every_byte() {
        let finding =
            Finding { ended: Ended::Code(0), left: Vec::new(), seconds: 0.5, stdout: 3, stderr: 2 };
        let mut reply = serde_json::to_vec(&Ok::<_, String>(finding)).unwrap();
        reply.extend(b"\n\xff\n\0er");
        let played = parse(&reply).unwrap().unwrap();
        assert_eq!(played.finding.ended, Ended::Code(0));
        assert_eq!(played.stdout, b"\xff\n\0");
        assert_eq!(played.stderr, b"er");
        assert!(parse(&reply[..reply.len() - 1]).is_none(), "cut short");
    }
}
