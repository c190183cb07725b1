//! How many locks each thread holds: never more than the kernel can release, and none when the thread ends.

use std::cell::Cell;
use std::process;

use nix::unistd::{getpid, gettid};

use crate::sys::{Error, Result};

/// The most locks that a thread may hold. When a thread ends, the kernel releases this many of its locks
/// (ROBUST_LIST_LIMIT, in kernel/futex); one more would stay locked for ever.
const LIMIT: usize = 2048;

thread_local! {
    /// Counts each lock once, however often the thread has acquired it.
    static HELD: Count = const { Count(Cell::new(0)) };
}

struct Count(Cell<usize>);

impl Drop for Count {
    /// Runs when the thread ends, and in the thread that calls exit.
    fn drop(&mut self) {
        // The kernel would hand the lock to the next waiter while a reference from the guard may still be in use in this
        // process. The main thread is no danger: the whole process ends with it. The process also ends when another
        // thread calls exit, but nothing here can tell that from the end of that thread alone.
        if self.0.get() > 0 && gettid() != getpid() {
            eprintln!(
                "a thread ended while it held a lock: drop the guard first; mem::forget does not release the lock"
            );
            process::abort();
        }
    }
}

/// How many locks this thread holds. A forked child would have copies of the guards, but none of the locks.
///
/// At the very end of a thread, in the destructor of another thread-local value, the count is gone. Locks work there, and
/// are not counted.
#[inline]
pub(super) fn count() -> usize {
    HELD.try_with(|held| held.0.get()).unwrap_or(0)
}

/// An error if this thread must not acquire another lock.
#[inline]
pub(super) fn check_limit() -> Result<()> {
    if count() < LIMIT { Ok(()) } else { Err(Error::TooManyLocks { limit: LIMIT }) }
}

#[inline]
pub(super) fn increment() {
    let _ = HELD.try_with(|held| held.0.set(held.0.get() + 1));
}

#[inline]
pub(super) fn decrement() {
    let _ = HELD.try_with(|held| held.0.set(held.0.get() - 1));
}
