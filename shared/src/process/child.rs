//! A started child: wait for it, ask about it, stop it.

use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;
use std::time::Duration;

use nix::unistd::Pid;
use rustix::event::{PollFd, PollFlags};
use rustix::io::retry_on_intr;
use rustix::process::{
    PidfdFlags, Signal, WaitId, WaitIdOptions, pidfd_open, pidfd_send_signal, waitid,
};

use super::report::Report;
use super::{Exit, PANICKED};
use crate::deadline::deadline;
use crate::descriptor::Descriptor;
use crate::poll::ready;
use crate::{Error, Result};

/// A started process, until it has been waited for.
///
/// Dropping it unjoined kills and reaps it: no child outlives the scope that knows it.
#[derive(Debug)]
#[must_use = "a dropped child is killed; join it"]
pub struct Child {
    pid: Pid,
    name: String,
    pidfd: Descriptor,
    /// Until it has been reaped.
    report: Option<Report>,
    exit: Option<Exit>,
}

impl Child {
    pub(super) fn new(pid: Pid, name: String, report: Report) -> Result<Self> {
        let id = rustix::process::Pid::from_raw(pid.as_raw()).expect("a child's pid is above 0");
        match pidfd_open(id, PidfdFlags::empty()) {
            Ok(pidfd) => Ok(Self {
                pid,
                name,
                pidfd: Descriptor::new(pidfd),
                report: Some(report),
                exit: None,
            }),
            Err(error) => {
                // Without a handle nobody could wait for it later.
                let _ = rustix::process::kill_process(id, Signal::KILL);
                let _ = retry_on_intr(|| waitid(WaitId::Pid(id), WaitIdOptions::EXITED));
                Err(Error::System { call: "pidfd_open", source: error.into() })
            }
        }
    }

    /// The process's id. Valid until it has been joined; after that the system may give it to another process.
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

    /// Waits until it has ended, and reaps it.
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
    /// Those of [`Child::join`].
    pub fn join_timeout(&mut self, timeout: Duration) -> Result<Option<Exit>> {
        match self.ends_within(timeout)? {
            true => self.wait().map(Some),
            false => Ok(None),
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

    /// Asks it to end, by SIGTERM. A stopped child is woken to hear it. Nothing happens if it has ended.
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
        // Through the pidfd: a pid could by now belong to another process.
        pidfd_send_signal(self.pidfd()?, signal).map_err(Error::system("pidfd_send_signal"))
    }

    fn wait(&mut self) -> Result<Exit> {
        if let Some(exit) = &self.exit {
            return Ok(exit.clone());
        }
        let pidfd = self.pidfd()?;
        let status = retry_on_intr(|| waitid(WaitId::PidFd(pidfd.as_fd()), WaitIdOptions::EXITED))
            .map_err(Error::system("waitid"))?
            .expect("without NOHANG, waitid returns a status");
        let text = self.report.take().and_then(Report::finish);
        let exit = match (status.exit_status(), status.terminating_signal()) {
            (Some(PANICKED), _) => text.map_or(Exit::Code(PANICKED), Exit::Panicked),
            (Some(code), _) => Exit::Code(code),
            (None, signal) => {
                Exit::Signal(crate::Signal(signal.expect("a child ends by exit or by a signal")))
            }
        };
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
