//! How often fork has returned in the child, on the way from the first process to this one; and whether this process
//! has forked between two moments.

use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

use nix::libc;

/// Plus 1. A number other than 0 is placed beside stdout's lock, on a page that a child writes to anyway. Each further
/// page would have to be copied for the child first, which takes a microsecond.
static FORKS: AtomicU32 = AtomicU32::new(1);
/// Beside it, for the same reason.
static BEGUN: AtomicU32 = AtomicU32::new(1);
static REGISTER: Once = Once::new();

/// A number that differs between a process and its forked children. Counts from the first call on, whichever code
/// forks: [`fork`](crate::fork()), nix or C. Costs less than getpid, which is a system call.
pub(crate) fn fork_count() -> u32 {
    register();
    FORKS.load(Ordering::Relaxed) - 1
}

/// A number that grows with each fork that this process begins, whichever code forks. If two calls give the same
/// number, this process has forked no other one in between. It does not count the programs of `Command`: where that
/// does not fork, it returns only after exec has closed the program's copies. Nor does it count a bare clone(2), which
/// runs no handler.
pub(crate) fn forks_begun() -> u32 {
    register();
    BEGUN.load(Ordering::Relaxed)
}

fn register() {
    REGISTER.call_once(|| {
        // SAFETY: the handlers may run at any time, and one of them in a child, where only async-signal-safe calls are
        // allowed: each adds to an atomic number. They are never unloaded.
        let status = unsafe { libc::pthread_atfork(Some(begin), None, Some(count)) };
        assert_eq!(status, 0, "pthread_atfork: no memory left");
    });
}

extern "C" fn begin() {
    BEGUN.fetch_add(1, Ordering::Relaxed);
}

extern "C" fn count() {
    FORKS.fetch_add(1, Ordering::Relaxed);
}

#[cfg(test)]
mod tests {
    use nix::sys::wait::{WaitStatus, waitpid};
    use nix::unistd::{ForkResult, fork};

    use super::*;
    use crate::sys::exit_now;

    #[test]
    fn a_fork_that_is_not_ours_counts_in_the_child_alone() {
        let (before, begun) = (fork_count(), forks_begun());
        // SAFETY: the child loads an atomic number and calls _exit, both of which are async-signal-safe.
        match unsafe { fork() }.unwrap() {
            ForkResult::Child => exit_now(if fork_count() == before + 1 { 7 } else { 1 }),
            ForkResult::Parent { child } => {
                assert_eq!(waitpid(child, None), Ok(WaitStatus::Exited(child, 7)));
                assert_eq!(fork_count(), before);
                assert!(forks_begun() > begun);
            }
        }
    }
}
