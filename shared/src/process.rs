//! A child as an object: start it, name it, wait for it, stop it.
//!
//! `Process::start` is a fork that takes care of three more things: a panic in the child, a parent that is killed, and
//! pipes that the child should not have. Read this file from top to bottom to see both sides of the fork; then read:
//!
//! | to learn | read |
//! |---|---|
//! | what a plain fork is | `process/fork.rs` |
//! | how a parent waits for a child and stops it | `process/child.rs` |
//! | how it waits for several at once | `process/join_all.rs` |
//! | how an end is described | `process/exit.rs` |
//! | how a panic's message gets to the parent | `process/report.rs` |
//! | which pipes a child has | `process/inheritance.rs` |
//! | what is kept for the next child | `process/spare.rs` |
//! | where default names come from | `process/identity.rs` |

mod child;
mod exit;
mod fork;
mod identity;
mod inheritance;
mod join_all;
mod report;
mod spare;

use std::io::{self, Write};
use std::panic::{self, AssertUnwindSafe};

pub use self::child::Child;
pub(crate) use self::child::open_pidfd;
pub use self::exit::{Exit, Signal};
pub use self::fork::{Fork, exit, fork};
use self::identity::Identity;
use self::inheritance::Inheritance;
pub use self::join_all::join_all;
use self::report::Report;
pub(crate) use self::report::panic_message;
use crate::stderr::print_line;
use crate::sys::scene_is_ending;
use crate::{Error, Result, descriptor};

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
    ///
    /// # What the closure owns
    ///
    /// After the fork both processes have a copy of the closure, and each drops its own: the parent at once, the child
    /// when the closure returns. Memory, files, sockets and pipes are made for this: the parent frees its memory and
    /// closes its descriptor, and the child keeps the other copy. A value whose destructor does more would do it
    /// twice: a temporary folder that is moved in vanishes under the child, and a `BufWriter` that is not empty writes
    /// its text twice. Create such a value in the closure, let the closure borrow it, or wrap it:
    ///
    /// ```
    /// use std::fs::File;
    /// use std::io::{BufWriter, Write};
    /// use std::mem::ManuallyDrop;
    ///
    /// use shared::Process;
    ///
    /// # let path = std::env::temp_dir().join(format!("shared-{}", std::process::id()));
    /// let mut log = BufWriter::new(File::create(&path)?);
    /// write!(log, "once, ")?;
    /// let log = ManuallyDrop::new(log); // The parent does not drop what is in it.
    /// let child = Process::new(move || {
    ///     let mut log = ManuallyDrop::into_inner(log); // The child does.
    ///     Ok(write!(log, "and not twice")?)
    /// });
    /// child.start()?.join()?;
    /// assert_eq!(std::fs::read_to_string(&path)?, "once, and not twice");
    /// # std::fs::remove_file(&path)?;
    /// # Ok::<(), shared::Error>(())
    /// ```
    pub fn new(work: F) -> Self {
        Self { work, name: None }
    }

    /// Gives a name instead of the default one: `Process-1` and so on, in the order of starting.
    ///
    /// ```
    /// let child = shared::Process::new(|| Ok(())).name("baker").start()?;
    /// assert_eq!(child.name(), "baker");
    /// # Ok::<(), shared::Error>(())
    /// ```
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Forks a child that runs the work.
    ///
    /// The child is killed when this process ends or becomes another program by exec, even if the child has changed its
    /// user or runs another program by then. There are two exceptions. A program that becomes another user for good, as
    /// `sudo` becomes root, outlives a parent that is not root: the kernel does not let one user kill another user's
    /// processes. And the first process of a new PID namespace outlives an exec of its parent: the kernel protects it
    /// from the signal that ends other children then.
    ///
    /// The ends of pipes (`shared::pipe`, `shared::Connection`) that were moved into the work belong to the child
    /// alone. The child has none of the other ends.
    ///
    /// # Errors
    ///
    /// - the errors of [`fork()`]
    /// - [`Error::System`] if no descriptor is left
    /// - [`Error::NotParent`] if a [`Child`], a [`Subprocess`](crate::Subprocess), a pool or a manager was moved into
    ///   the work: only the process that started it can use it. It has been dropped then, which kills its processes,
    ///   and the new child has been killed too.
    pub fn start(self) -> Result<Child> {
        // What is buffered now would come out of both processes.
        io::stdout().flush().map_err(Error::system("flushing stdout"))?;

        // Everything that can fail, and all memory that the child will use, comes before the fork.
        let identity = Identity::next();
        let name = self.name.unwrap_or_else(|| identity.default_name());
        let report = Report::new()?;
        let lifeline = spare::lifeline().map_err(Error::system("pipe"))?;
        let inheritance = Inheritance::new()?;

        match fork()? {
            Fork::Parent { child } => {
                let child = Child::new(child, name, report, lifeline)?;
                // What was moved into the work is the child's from now on: close our copies. The register of
                // descriptors shows which ones these were.
                let private = descriptor::private();
                drop(self.work);
                if descriptor::private() < private {
                    return Err(Error::NotParent); // This drops the new child, and so kills it.
                }
                inheritance.map_or(Ok(()), Inheritance::send)?;
                Ok(child)
            }
            Fork::Child => {
                if let Err(error) = lifeline.tie() {
                    print_line(format_args!(
                        "{name}: fcntl failed, so it cannot be tied to its parent: {error}"
                    ));
                    exit(1);
                }
                identity.adopt();
                if inheritance.map_or(Ok(()), Inheritance::receive).is_err() {
                    exit(1); // The parent has gone.
                }
                run(&name, self.work, &report)
            }
        }
    }
}

/// Runs in the child, to its end. A panic must never unwind into the parent's frames, of which the child has a copy.
fn run(name: &str, work: impl FnOnce() -> Result<()>, report: &Report) -> ! {
    let ending = || match work() {
        Ok(()) => 0,
        Err(error) => {
            if !scene_is_ending() {
                print_line(format_args!("{name}: {error}"));
            }
            1
        }
    };
    let code = panic::catch_unwind(AssertUnwindSafe(ending)).unwrap_or_else(|panic| {
        report.write_message(&panic_message(panic));
        PANICKED
    });
    report.write_code(code);
    exit(code)
}
