//! How many locks each thread holds: never more than the kernel can release, and none when the thread ends.

use std::cell::Cell;
use std::process;

use nix::unistd::{getpid, gettid};

use crate::sys::{Error, Result};

/// The most locks that a thread may hold. When a thread ends, the kernel releases this many of its locks
/// (ROBUST_LIST_LIMIT, in kernel/futex); one more would stay locked for ever.
const LIMIT: usize = 2048;

thread_local! {
    /// Counts each lock once, however often the thread has acquired it. It has no destructor, so it is there to the
    /// very end of the thread.
    static HELD: Cell<usize> = const { Cell::new(0) };

    /// Checks the count when the thread ends.
    static LAST_CHECK: LastCheck = const { LastCheck };
}

struct LastCheck;

impl Drop for LastCheck {
    /// Runs when the thread ends, and in the thread that calls exit.
    fn drop(&mut self) {
        // The kernel would hand the lock to the next waiter while a reference from the guard may still be in use in
        // this process. The main thread is no danger: the whole process ends with it. The process also ends when
        // another thread calls exit, but nothing here can tell that from the end of that thread alone.
        if count() > 0 && gettid() != getpid() {
            eprintln!(
                "a thread ended while it held a lock: drop the guard first; mem::forget does not release the lock"
            );
            process::abort();
        }
    }
}

/// How many locks this thread holds. A forked child would have copies of the guards, but none of the locks.
#[inline]
pub(super) fn count() -> usize {
    HELD.get()
}

/// An error if this thread must not acquire another lock, around a value or around nothing.
#[inline]
pub(super) fn check(guards_a_value: bool) -> Result<()> {
    if count() >= LIMIT {
        return Err(Error::TooManyLocks { limit: LIMIT });
    }
    // After the last check, in the destructor of another thread-local value, a reference to the value could escape.
    if LAST_CHECK.try_with(|_| ()).is_err() && guards_a_value {
        return Err(Error::ThreadEnding);
    }
    Ok(())
}

#[inline]
pub(super) fn increment() {
    HELD.with(|held| held.set(held.get() + 1));
}

#[inline]
pub(super) fn decrement() {
    HELD.with(|held| held.set(held.get() - 1));
}
