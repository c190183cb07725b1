//! How many locks each thread holds: not too many, and none when it ends.

use std::cell::Cell;
use std::process;

use nix::unistd::{getpid, gettid};

use crate::{Error, Result};

/// How many locks a thread may hold. The kernel looks through so many when the thread ends (ROBUST_LIST_LIMIT, in
/// kernel/futex): a further one would stay locked for ever.
const MOST: usize = 2048;

thread_local! {
    /// Each lock once, however often the thread holds it.
    static HELD: Count = const { Count(Cell::new(0)) };
}

struct Count(Cell<usize>);

impl Drop for Count {
    /// Runs when the thread ends, and in the thread that calls exit.
    fn drop(&mut self) {
        // The kernel would hand the lock to the next one, while a reference got from the guard may be in use here still.
        // With the main thread, however, the whole process ends. So it does when another thread calls exit, but nothing
        // here tells that from the thread's own end.
        if self.0.get() > 0 && gettid() != getpid() {
            eprintln!(
                "a thread ends that holds a lock; drop its guard before, and do not forget it"
            );
            process::abort();
        }
    }
}

/// How many locks this thread holds. A forked child would have copies of the guards, and none of the locks.
#[inline]
pub(super) fn held() -> usize {
    // At the very end of a thread the count has gone, and its locks with it.
    HELD.try_with(|held| held.0.get()).unwrap_or(0)
}

/// An error if this thread must not acquire a further lock.
#[inline]
pub(super) fn check_room() -> Result<()> {
    if held() < MOST { Ok(()) } else { Err(Error::Room { call: "acquire", room: MOST }) }
}

#[inline]
pub(super) fn one_more() {
    HELD.with(|held| held.0.set(held.0.get() + 1));
}

#[inline]
pub(super) fn one_less() {
    HELD.with(|held| held.0.set(held.0.get() - 1));
}
