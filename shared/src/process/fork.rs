//! fork itself: one call, two returns.

use std::io::{self, Write};

use nix::errno::Errno;
use nix::unistd::{ForkResult, Pid};

use crate::sys::ForkError;
use crate::{Error, Result, descriptor, sys};

/// Which of the two processes fork has returned in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "without a look at it, parent and child run the same code"]
pub enum Fork {
    /// The process that called fork.
    Parent {
        /// The new process.
        child: Pid,
    },
    /// The new process. It learns its own pid by `getpid`, its parent's by `getppid`.
    Child,
}

/// Makes a second process that goes on from here with a copy of everything. Mirrors Python's `os.fork`, see fork(2).
///
/// Text that stdout has buffered is copied as well, and comes out twice unless it is flushed before.
///
/// ```
/// use nix::sys::wait::{WaitStatus, waitpid};
/// use shared::{Fork, exit, fork};
///
/// match fork()? {
///     Fork::Child => exit(7),
///     Fork::Parent { child } => assert_eq!(waitpid(child, None)?, WaitStatus::Exited(child, 7)),
/// }
/// # Ok::<(), shared::Error>(())
/// ```
///
/// # Errors
///
/// - [`Error::ForkWithThreads`] if other threads are running
/// - [`Error::ForkHoldingLock`] if the caller holds a lock of [`sync`](crate::sync)
/// - [`Error::ProcessLimit`] if this user has as many processes as it may
/// - [`Error::System`] for anything else, such as a lack of memory
pub fn fork() -> Result<Fork> {
    match sys::fork().map_err(explain)? {
        ForkResult::Parent { child } => Ok(Fork::Parent { child }),
        ForkResult::Child => {
            descriptor::close_inherited();
            Ok(Fork::Child)
        }
    }
}

fn explain(error: ForkError) -> Error {
    match error {
        ForkError::Threads(threads) => Error::ForkWithThreads { threads },
        ForkError::Locks(locks) => Error::ForkHoldingLock { locks },
        ForkError::Uncounted(source) => Error::System { call: "reading /proc/self/task", source },
        ForkError::Failed(Errno::EAGAIN) => Error::ProcessLimit,
        ForkError::Failed(errno) => Error::System { call: "fork", source: errno.into() },
    }
}

/// Ends a forked child: writes what stdout has buffered, then ends without running destructors, some of which belong
/// to the parent. Mirrors Python's `os._exit` after a `sys.stdout.flush()`, see _exit(2).
///
/// The parent sees the lowest eight bits of `code`.
///
/// ```
/// use shared::{Exit, Process, exit};
///
/// let child = Process::new(|| exit(256 + 3)).start()?;
/// assert_eq!(child.join()?, Exit::Code(3));
/// # Ok::<(), shared::Error>(())
/// ```
pub fn exit(code: i32) -> ! {
    // If no one reads stdout any more, the rest is of no use either.
    let _ = io::stdout().flush();
    sys::exit_now(code)
}
