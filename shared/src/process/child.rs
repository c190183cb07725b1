//! A started child: wait for it, ask about it, stop it.
//!
//! Everything goes through a *pidfd*, a descriptor that refers to this one process. A pid is only a number: as soon as
//! a child has been reaped, the system may give its number to another process.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;
use std::time::Duration;

use nix::unistd::Pid;
use rustix::event::{PollFd, PollFlags};
use rustix::io::{Errno, retry_on_intr};
use rustix::process::{
    PidfdFlags, Signal, WaitId, WaitIdOptions, WaitIdStatus, pidfd_open, pidfd_send_signal, waitid,
};

use super::report::Report;
use super::spare::LifelineEnds;
use super::{Exit, PANICKED};
use crate::deadline::deadline;
use crate::descriptor::Descriptor;
use crate::poll::ready;
use crate::sys::Lifeline;
use crate::{Error, Result};

/// A started process, until it has been waited for. It takes three of its parent's descriptors. After the last child,
/// the parent keeps two of them open for the next one.
///
/// Dropping it unjoined kills and reaps it: no child outlives the scope that knows it.
///
/// ```
/// use std::time::Duration;
///
/// use shared::{Process, clock};
///
/// let mut child = Process::new(|| {
///     clock::sleep(100.0);
///     Ok(())
/// })
/// .start()?;
/// assert_eq!(child.join_timeout(Duration::from_millis(10))?, None);
/// assert!(child.is_alive());
/// child.terminate()?;
/// assert_eq!(child.join()?.to_string(), "killed by SIGTERM");
/// # Ok::<(), shared::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "a dropped child is killed; join it"]
pub struct Child {
    pid: Pid,
    name: String,
    pidfd: Descriptor,
    /// Until it has been reaped.
    lifeline: Option<LifelineEnds>,
    /// Until then too.
    report: Option<Report>,
    /// From then on.
    exit: Option<Exit>,
}

impl Child {
    /// Runs in the parent, straight after fork.
    pub(super) fn new(pid: Pid, name: String, report: Report, lifeline: Lifeline) -> Result<Self> {
        let id = rustix::process::Pid::from_raw(pid.as_raw()).expect("a child's pid is above 0");
        match open_pidfd(id) {
            Ok((pidfd, is_reaped)) => {
                let (report, exit) = if is_reaped {
                    (None, Some(exit_of(None, Some(report))))
                } else {
                    (Some(report), None)
                };
                Ok(Self {
                    pid,
                    name,
                    pidfd: Descriptor::new(pidfd),
                    lifeline: Some(LifelineEnds::new(lifeline)),
                    report,
                    exit,
                })
            }
            Err(error) => {
                // Without a pidfd we could not wait for it later.
                let _ = rustix::process::kill_process(id, Signal::KILL);
                let _ = retry_on_intr(|| waitid(WaitId::Pid(id), WaitIdOptions::EXITED));
                Err(Error::System { call: "pidfd_open", source: error })
            }
        }
    }

    /// The process's id. It is valid until the child has been joined; then the system may give it to another process.
    pub fn pid(&self) -> Pid {
        self.pid
    }

    /// The given name, or the default one.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is still running. A child that has ended is not alive, even before it is joined.
    pub fn is_alive(&self) -> bool {
        self.ends_within(Duration::ZERO).is_ok_and(|has_ended| !has_ended)
    }

    /// Waits until it has ended, and reaps it. Mirrors Python's `Process.join()` followed by a look at `exitcode`.
    ///
    /// # Errors
    ///
    /// [`Error::NotParent`] in any process but the one that started it; [`Error::System`] if waiting fails.
    pub fn join(mut self) -> Result<Exit> {
        self.wait()
    }

    /// Like [`Child::join`], but gives up after the timeout: `None` if the child is still alive then. Mirrors Python's
    /// `Process.join(timeout)`. The timeout is in real time; [`clock::seconds`](crate::clock::seconds) converts lesson
    /// seconds.
    ///
    /// # Errors
    ///
    /// The errors of [`Child::join`].
    pub fn join_timeout(&mut self, timeout: Duration) -> Result<Option<Exit>> {
        match self.ends_within(timeout)? {
            true => self.wait().map(Some),
            false => Ok(None),
        }
    }

    /// Asks it to end, by SIGTERM. A stopped child is continued, so that it receives the signal. Nothing happens if it
    /// has ended.
    ///
    /// # Errors
    ///
    /// [`Error::NotParent`] in any process but the one that started it.
    pub fn terminate(&self) -> Result<()> {
        self.signal(Signal::TERM)?;
        self.signal(Signal::CONT)
    }

    /// Ends it, by SIGKILL, which no process can refuse. Nothing happens if it has ended.
    ///
    /// # Errors
    ///
    /// [`Error::NotParent`] in any process but the one that started it.
    pub fn kill(&self) -> Result<()> {
        self.signal(Signal::KILL)
    }

    fn signal(&self, signal: Signal) -> Result<()> {
        if self.exit.is_some() {
            return Ok(());
        }
        match pidfd_send_signal(self.pidfd()?, signal) {
            Ok(()) | Err(Errno::SRCH) => Ok(()), // Or something else has reaped it.
            Err(error) => Err(Error::System { call: "pidfd_send_signal", source: error.into() }),
        }
    }

    /// Waits for its end without reaping it: `false` if it is alive when the timeout has expired.
    fn ends_within(&self, timeout: Duration) -> Result<bool> {
        if self.exit.is_some() {
            return Ok(true);
        }
        let pidfd = self.pidfd()?;
        // A pidfd is ready to be read when its process has ended.
        ready(&mut [PollFd::new(&*pidfd, PollFlags::IN)], deadline(timeout))
    }

    fn wait(&mut self) -> Result<Exit> {
        if let Some(exit) = &self.exit {
            return Ok(exit.clone());
        }
        let pidfd = self.pidfd()?;
        let status =
            match retry_on_intr(|| waitid(WaitId::PidFd(pidfd.as_fd()), WaitIdOptions::EXITED)) {
                Ok(status) => status,
                // It has ended, and something else in this program has reaped it: the kernel if SIGCHLD is ignored, or
                // a signal handler that waits for any child.
                Err(Errno::CHILD) => None,
                Err(error) => return Err(Error::System { call: "waitid", source: error.into() }),
            };
        if let Some(lifeline) = self.lifeline.take() {
            lifeline.keep();
        }
        let exit = exit_of(status.as_ref(), self.report.take());
        Ok(self.exit.insert(exit).clone())
    }

    pub(crate) fn pidfd(&self) -> Result<Arc<OwnedFd>> {
        self.pidfd.get().ok_or(Error::NotParent)
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // In a forked child the copy of a sibling's handle does nothing: both calls return NotParent.
        if self.exit.is_none() && self.kill().is_ok() {
            let _ = self.wait();
        }
    }
}

/// A pidfd of a child, and whether something else has reaped the child already. Then it is no pidfd but a pipe without
/// a writer: that is ready to be read as well, like the pidfd of any process that has ended.
pub(crate) fn open_pidfd(child: rustix::process::Pid) -> io::Result<(OwnedFd, bool)> {
    match pidfd_open(child, PidfdFlags::empty()) {
        Ok(pidfd) => Ok((pidfd, false)),
        Err(Errno::SRCH) => io::pipe().map(|(reader, _)| (reader.into(), true)),
        Err(error) => Err(error.into()),
    }
}

/// How a child ended: what the kernel says, or if that is lost, what the child has written into its report.
fn exit_of(status: Option<&WaitIdStatus>, report: Option<Report>) -> Exit {
    let signal = status.and_then(WaitIdStatus::terminating_signal);
    let code = status.and_then(WaitIdStatus::exit_status);
    let exit = match (signal, code) {
        (Some(signal), _) => Exit::Signal(super::Signal(signal)),
        // Most often the kernel has said it all, and the report need not be touched.
        (None, Some(code)) if code != PANICKED => Exit::Code(code),
        (None, code) => reported(code, report.as_ref()),
    };
    if let Some(report) = report {
        report.keep();
    }
    exit
}

/// How a child ended that exited with `PANICKED`, or whose exit code the kernel no longer has.
fn reported(code: Option<i32>, report: Option<&Report>) -> Exit {
    let message = report.and_then(Report::message);
    match (code.or_else(|| report?.code()), message) {
        (Some(PANICKED) | None, Some(message)) => Exit::Panicked(message),
        (Some(code), _) => Exit::Code(code),
        (None, _) => Exit::Unknown,
    }
}
