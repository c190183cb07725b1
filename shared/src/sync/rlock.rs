//! One process at a time, whose holder may acquire it again.

use std::time::Duration;

use super::acquire::{AcquireError, acquired, try_acquired};
use crate::Result;
use crate::deadline::deadline;
use crate::sys::{CellGuard, LockArray, MutexKind};

/// A lock that its holder can acquire again. Mirrors Python's `multiprocessing.RLock`.
///
/// It guards no value: two guards at once would be two ways to change it.
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

/// One acquire of the holder. The lock is free when the holder has dropped the guards of all its acquires.
#[derive(Debug)]
#[must_use = "dropped at once, it releases the lock at once"]
pub struct RLockGuard<'a>(CellGuard<'a, ()>);

impl RLock {
    /// A free lock.
    ///
    /// # Errors
    ///
    /// The errors of [`Memory::new`](crate::Memory::new).
    pub fn new() -> Result<Self> {
        Ok(Self(LockArray::new((), 1, (), MutexKind::Recursive)?))
    }

    /// Waits until no other process or thread holds the lock.
    ///
    /// # Errors
    ///
    /// [`AcquireError::Recovered`], with the guard, if the last holder ended without releasing the lock.
    #[inline]
    pub fn acquire(&self) -> Result<RLockGuard<'_>, AcquireError<RLockGuard<'_>>> {
        acquired(self.0.lock(0, None), RLockGuard)
    }

    /// Like [`RLock::acquire`], but gives up after the timeout.
    ///
    /// # Errors
    ///
    /// [`Error::TimedOut`](crate::Error::TimedOut), and the errors of [`RLock::acquire`].
    pub fn acquire_timeout(
        &self,
        timeout: Duration,
    ) -> Result<RLockGuard<'_>, AcquireError<RLockGuard<'_>>> {
        acquired(self.0.lock(0, deadline(timeout)), RLockGuard)
    }

    /// Never waits: `None` if another process or thread holds the lock.
    ///
    /// # Errors
    ///
    /// [`AcquireError::Recovered`], with the guard, if the last holder ended without releasing the lock.
    pub fn try_acquire(&self) -> Result<Option<RLockGuard<'_>>, AcquireError<RLockGuard<'_>>> {
        try_acquired(self.0.try_lock(0), RLockGuard)
    }
}

impl RLockGuard<'_> {
    /// Takes this acquire back, as dropping the guard does.
    pub fn release(self) {
        drop(self.0);
    }
}
