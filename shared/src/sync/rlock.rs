//! One process at a time, which may come in again while it is inside.

use std::time::Duration;

use crate::Result;
use crate::acquire::AcquireError;
use crate::deadline::deadline;
use crate::sys::{CellGuard, LockArray, MutexKind};

/// A lock that its holder can acquire again. Mirrors Python's `multiprocessing.RLock`.
///
/// It guards no value: with two guards at once there would be two ways to change it.
///
/// ```
/// let lock = shared::sync::RLock::new()?;
/// let outer = lock.acquire()?;
/// let inner = lock.acquire()?; // A Lock would refuse.
/// inner.release();
/// outer.release(); // Now it is free.
/// # Ok::<(), shared::Error>(())
/// ```
#[derive(Debug)]
pub struct RLock(LockArray<(), ()>);

/// One of a holder's acquires. The lock is free when the last of them has been dropped.
#[derive(Debug)]
#[must_use = "dropped at once, it releases the lock at once"]
pub struct RLockGuard<'a>(CellGuard<'a, ()>);

impl RLock {
    /// A free lock.
    ///
    /// # Errors
    ///
    /// [`Error::System`](crate::Error::System) if there is no memory left.
    pub fn new() -> Result<Self> {
        Ok(Self(LockArray::new((), 1, (), MutexKind::Recursive)?))
    }

    /// Waits until no other thread or process holds the lock.
    ///
    /// # Errors
    ///
    /// [`AcquireError::Recovered`], with the guard, if the last holder ended without releasing it.
    #[inline]
    pub fn acquire(&self) -> Result<RLockGuard<'_>, AcquireError<RLockGuard<'_>>> {
        self.0.lock(0, None).map(RLockGuard).map_err(|error| error.map(RLockGuard))
    }

    /// Waits, but no longer than the limit.
    ///
    /// # Errors
    ///
    /// [`Error::TimedOut`](crate::Error::TimedOut), and those of [`RLock::acquire`].
    pub fn acquire_timeout(
        &self,
        limit: Duration,
    ) -> Result<RLockGuard<'_>, AcquireError<RLockGuard<'_>>> {
        self.0.lock(0, deadline(limit)).map(RLockGuard).map_err(|error| error.map(RLockGuard))
    }

    /// Never waits: `None` if another thread or process holds the lock.
    ///
    /// # Errors
    ///
    /// [`AcquireError::Recovered`], with the guard, if the last holder ended without releasing it.
    pub fn try_acquire(&self) -> Result<Option<RLockGuard<'_>>, AcquireError<RLockGuard<'_>>> {
        let held = self.0.try_lock(0).map_err(|error| error.map(RLockGuard))?;
        Ok(held.map(RLockGuard))
    }
}

impl RLockGuard<'_> {
    /// Takes this acquire back, as dropping does.
    pub fn release(self) {
        drop(self.0);
    }
}
