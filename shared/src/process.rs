//! A child as an object: start it, name it, wait for it, stop it.
//!
//! `start` forks. What makes it more than a fork is what it survives: a panic in the child, a parent that is killed, a
//! child that is stopped, and a limit on waiting that holds.

use std::io::{self, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::time::{Duration, Instant};

use nix::sys::prctl;
use nix::sys::signal::Signal as NixSignal;
use nix::unistd::{Pid, getpid, getppid};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::retry_on_intr;
use rustix::process::{
    PidfdFlags, Signal, WaitId, WaitIdOptions, pidfd_open, pidfd_send_signal, waitid,
};

use crate::descriptor::Descriptor;
use crate::identity::Identity;
use crate::inheritance::Inheritance;
use crate::report::{Report, message};
use crate::{Error, Exit, Fork, Result, exit, fork};

/// The exit code that Rust gives a program whose main thread panics.
const PANICKED: i32 = 101;

/// What a child will do, before it is started. Mirrors Python's `multiprocessing.Process` with the start method fork.
#[derive(Debug)]
#[must_use = "a process does nothing until it is started"]
pub struct Process<F> {
    work: F,
    name: Option<String>,
}

impl<F: FnOnce() -> Result<()>> Process<F> {
    /// A process that will run `work` and end: with code 0 for `Ok`, with code 1 and a message on stderr for `Err`.
    pub fn new(work: F) -> Self {
        Self { work, name: None }
    }

    /// Gives a name instead of the default one: `Process-1` and so on, in the order of starting.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Forks a child that runs the work. It is killed if this process ends before it.
    ///
    /// The ends of pipes (`shared::pipe`, `shared::Connection`) that were moved into the work are the child's alone from
    /// then on; it has none of the others.
    ///
    /// # Errors
    ///
    /// Those of [`fork()`], and [`Error::System`] where no descriptor is left.
    pub fn start(self) -> Result<Child> {
        // What is buffered now would come out of both processes.
        io::stdout().flush().map_err(Error::system("flushing stdout"))?;
        let report = Report::new()?;
        let identity = Identity::next();
        let name = self.name.unwrap_or_else(|| identity.default_name());

        let inheritance = Inheritance::new()?;

        let parent = getpid();
        match fork()? {
            Fork::Parent { child } => {
                let child = Child::new(child, name, report)?;
                drop(self.work); // What was moved into it is the child's from now on.
                inheritance.map_or(Ok(()), Inheritance::hand_over)?;
                Ok(child)
            }
            Fork::Child => {
                end_with(parent);
                identity.take_on();
                if inheritance.map_or(Ok(()), Inheritance::take_over).is_err() {
                    exit(1); // The parent has gone.
                }
                run(&name, self.work, &report)
            }
        }
    }
}

/// Runs in the child: ends it if the parent is gone, and when the parent goes.
fn end_with(parent: Pid) {
    let armed = prctl::set_pdeathsig(NixSignal::SIGKILL);
    // A parent that had gone before the call sends no signal any more.
    if armed.is_err() || getppid() != parent {
        exit(1);
    }
}

/// Runs in the child, to its end. A panic must never unwind into the parent's frames, of which the child has a copy.
fn run(name: &str, work: impl FnOnce() -> Result<()>, report: &Report) -> ! {
    let ending = || match work() {
        Ok(()) => 0,
        Err(error) => {
            eprintln!("{name}: {error}");
            1
        }
    };
    match panic::catch_unwind(AssertUnwindSafe(ending)) {
        Ok(code) => exit(code),
        Err(panic) => {
            report.write(message(&*panic));
            exit(PANICKED)
        }
    }
}

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
    fn new(pid: Pid, name: String, report: Report) -> Result<Self> {
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
        let ended = || readable(&*self.pidfd()?, Some(Duration::ZERO));
        self.exit.is_none() && ended().is_ok_and(|ended| !ended)
    }

    /// Waits until it has ended, and reaps it.
    ///
    /// # Errors
    ///
    /// [`Error::NotParent`] in any process but the one that started it; [`Error::System`] if waiting fails.
    pub fn join(mut self) -> Result<Exit> {
        self.wait()
    }

    /// Waits so long at most, in real time ([`clock::seconds`](crate::clock::seconds) makes it of lesson seconds).
    /// `None`: it is still alive.
    ///
    /// # Errors
    ///
    /// Those of [`Child::join`].
    pub fn join_timeout(&mut self, limit: Duration) -> Result<Option<Exit>> {
        match self.exit.is_some() || readable(&*self.pidfd()?, Some(limit))? {
            true => self.wait().map(Some),
            false => Ok(None),
        }
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

/// Waits until there is something to read (of a pidfd: until the process has ended), or the limit is over.
fn readable(descriptor: impl AsFd, limit: Option<Duration>) -> Result<bool> {
    // A limit beyond the clock's end is none.
    let deadline = limit.and_then(|limit| Instant::now().checked_add(limit));
    ready(&mut [PollFd::new(&descriptor, PollFlags::IN)], deadline)
}

/// Waits until one of the descriptors is ready, or the deadline has come.
pub(crate) fn ready(descriptors: &mut [PollFd<'_>], deadline: Option<Instant>) -> Result<bool> {
    loop {
        let remaining = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let timeout = remaining.and_then(|remaining| Timespec::try_from(remaining).ok());
        match poll(descriptors, timeout.as_ref()) {
            Ok(ready) => return Ok(ready > 0),
            Err(rustix::io::Errno::INTR) => {} // A signal handler ran: wait for the rest of the time.
            Err(error) => {
                return Err(Error::System { call: "poll", source: error.into() });
            }
        }
    }
}
