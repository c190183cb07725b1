//! A child as an object: start it, name it, wait for it, stop it.
//!
//! `Process::start` is a fork with care taken: of a panic in the child, of a parent that is killed, of pipes that the
//! child should not have. Read this file from top to bottom to see both sides of the fork; then read:
//!
//! | to learn | read |
//! |---|---|
//! | what a plain fork is | `process/fork.rs` |
//! | how a parent waits for a child and stops it | `process/child.rs` |
//! | how it waits for several at once | `process/join_all.rs` |
//! | how an end is described | `process/exit.rs` |
//! | how a panic's message gets to the parent | `process/report.rs` |
//! | which pipes a child has | `process/inheritance.rs` |
//! | where default names come from | `process/identity.rs` |

mod child;
mod exit;
mod fork;
mod identity;
mod inheritance;
mod join_all;
mod report;

use std::io::{self, Write};
use std::panic::{self, AssertUnwindSafe};

use nix::sys::prctl;
use nix::sys::signal::Signal as NixSignal;
use nix::unistd::{Pid, getpid, getppid};

pub use self::child::Child;
pub use self::exit::{Exit, Signal};
pub use self::fork::{Fork, exit, fork};
use self::identity::Identity;
use self::inheritance::Inheritance;
pub use self::join_all::join_all;
use self::report::Report;
pub(crate) use self::report::message;
use crate::{Error, Result};

/// The exit code that Rust gives a program whose main thread panics.
const PANICKED: i32 = 101;

/// What a child will do, before it is started. Mirrors Python's `multiprocessing.Process` with the start method fork.
///
/// ```
/// use shared::Process;
///
/// let child = Process::new(|| {
///     println!("child: hello");
///     Ok(())
/// });
/// let exit = child.start()?.join()?;
/// assert!(exit.success());
/// # Ok::<(), shared::Error>(())
/// ```
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
