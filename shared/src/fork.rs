//! fork itself: one call, two returns.

use std::io::{self, Write};

use nix::unistd::{ForkResult, Pid};

use crate::{Result, descriptor, sys};

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
/// # Errors
///
/// - [`Error::ForkWithThreads`](crate::Error::ForkWithThreads) if other threads are running
/// - [`Error::ForkHoldingLock`](crate::Error::ForkHoldingLock) if the caller holds a lock of [`sync`](crate::sync)
/// - [`Error::ProcessLimit`](crate::Error::ProcessLimit) if this user has as many processes as it may
/// - [`Error::System`](crate::Error::System) for anything else, such as a lack of memory
pub fn fork() -> Result<Fork> {
    Ok(match sys::fork()? {
        ForkResult::Parent { child } => Fork::Parent { child },
        ForkResult::Child => {
            descriptor::close_inherited();
            Fork::Child
        }
    })
}

/// Ends a forked child: writes what stdout has buffered, then ends without running destructors, some of which belong
/// to the parent. Mirrors Python's `os._exit` after a `sys.stdout.flush()`, see _exit(2).
///
/// The parent sees the lowest eight bits of `code`.
pub fn exit(code: i32) -> ! {
    // If nobody reads stdout any more, nobody misses the rest either.
    let _ = io::stdout().flush();
    sys::exit_now(code)
}
