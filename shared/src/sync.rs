//! How processes wait for each other: what Python's `multiprocessing` has of the kind, by the same names.
//!
//! Make it first and fork then: parent and children share it, while a later copy would be a lock of its own. None of
//! it can be sent to a process that runs already.
//!
//! All of it outlives a process that is killed. A dead holder's lock goes to the next one, who is told
//! ([`AcquireError::Recovered`]); a dead waiter is missed by nobody. Who sleeps looks up ten times a second, so that
//! not even a process killed between a change and its notice leaves the others asleep. A thread holds 2048 locks and
//! permits at most, for the system gives no more of them back when it is killed.
//!
//! | want to know | read |
//! |---|---|
//! | one at a time | `lock.rs`, `rlock.rs` |
//! | so many at a time | `semaphore.rs` |
//! | wait until something holds | `condition.rs`, `event.rs` |
//! | wait for all the others | `barrier.rs` |
//! | how a process sleeps and is woken | `bell.rs` |
//! | what a lock is | `sys/row.rs`, `sys/mutex.rs` |

mod barrier;
pub(crate) mod bell;
mod condition;
mod event;
mod lock;
mod rlock;
mod semaphore;

use std::fmt;
use std::time::{Duration, Instant};

pub use self::barrier::Barrier;
pub use self::condition::{Condition, ConditionGuard};
pub use self::event::Event;
pub use self::lock::{Lock, LockGuard};
pub use self::rlock::{RLock, RLockGuard};
pub use self::semaphore::{BoundedPermit, BoundedSemaphore, Permit, Semaphore};

use crate::Error;

/// The longest sleep without a look: a process killed just before it would have woken another cannot do so any more.
pub(crate) const SLICE: Duration = Duration::from_millis(100);

/// What an acquire returns in place of a guard of type `G`.
pub enum AcquireError<G> {
    /// You hold it, but the one before you ended without releasing it: what it guards may be half changed. Repair that,
    /// or give up. The next one is not told again.
    Recovered(G),
    /// You do not hold it: [`Error::TimedOut`], [`Error::Held`], [`Error::Room`] or [`Error::System`].
    Failed(Error),
}

impl<G> AcquireError<G> {
    /// The guard, where nothing can be half changed: `lock.acquire().or_else(AcquireError::into_guard)?`.
    ///
    /// # Errors
    ///
    /// The error of [`AcquireError::Failed`].
    pub fn into_guard(self) -> Result<G, Error> {
        match self {
            Self::Recovered(guard) => Ok(guard),
            Self::Failed(error) => Err(error),
        }
    }

    fn map<H>(self, wrap: impl FnOnce(G) -> H) -> AcquireError<H> {
        match self {
            Self::Recovered(guard) => AcquireError::Recovered(wrap(guard)),
            Self::Failed(error) => AcquireError::Failed(error),
        }
    }
}

impl<G> From<Error> for AcquireError<G> {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// For `?` where a dead holder is as bad as any other failure: it releases what was recovered.
impl<G> From<AcquireError<G>> for Error {
    fn from(error: AcquireError<G>) -> Self {
        match error {
            AcquireError::Recovered(_) => Self::Recovered,
            AcquireError::Failed(error) => error,
        }
    }
}

impl<G> fmt::Debug for AcquireError<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Recovered(_) => f.write_str("Recovered(..)"),
            Self::Failed(error) => f.debug_tuple("Failed").field(error).finish(),
        }
    }
}

impl<G> fmt::Display for AcquireError<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Recovered(_) => Error::Recovered.fmt(f),
            Self::Failed(error) => error.fmt(f),
        }
    }
}

impl<G> std::error::Error for AcquireError<G> {}

/// When a limit that starts now is over. `None`, for ever, if that lies beyond the clock's end.
pub(crate) fn deadline(limit: Duration) -> Option<Instant> {
    Instant::now().checked_add(limit)
}

pub(crate) fn is_over(deadline: Option<Instant>) -> bool {
    deadline.is_some_and(|deadline| Instant::now() >= deadline)
}
