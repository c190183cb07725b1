//! One at a time.

use std::ops::{Deref, DerefMut};
use std::time::Duration;

use crate::acquire::AcquireError;
use crate::deadline::deadline;
use crate::sys::{CellGuard, LockArray, MutexKind};
use crate::{Plain, Result};

/// A value that one process at a time may use. Mirrors Python's `multiprocessing.Lock`, and `Value` with its lock.
///
/// ```
/// use shared::sync::Lock;
///
/// let balance = Lock::new(0_u64)?;
/// let mut guard = balance.acquire()?;
/// *guard += 10;
/// drop(guard); // Releases it.
/// assert_eq!(*balance.acquire()?, 10);
/// # Ok::<(), shared::Error>(())
/// ```
///
/// A lock that guards something outside, such as the terminal, is a `Lock::new(())`.
#[derive(Debug)]
pub struct Lock<T>(LockArray<(), T>);

/// The right to use a [`Lock`]'s value. Dropping it releases the lock.
#[derive(Debug)]
#[must_use = "dropped at once, it releases the lock at once"]
pub struct LockGuard<'a, T>(CellGuard<'a, T>);

impl<T: Plain> Lock<T> {
    /// A free lock around a value.
    ///
    /// # Errors
    ///
    /// [`Error::System`](crate::Error::System) if there is no memory left.
    pub fn new(value: T) -> Result<Self> {
        Ok(Self(LockArray::new((), 1, value, MutexKind::ErrorCheck)?))
    }

    /// Waits until nobody holds the lock.
    ///
    /// # Errors
    ///
    /// - [`AcquireError::Recovered`], with the guard, if the last holder ended without releasing it
    /// - [`Error::AlreadyHeld`](crate::Error::AlreadyHeld) if this thread holds it already
    #[inline]
    pub fn acquire(&self) -> Result<LockGuard<'_, T>, AcquireError<LockGuard<'_, T>>> {
        self.0.lock(0, None).map(LockGuard).map_err(|error| error.map(LockGuard))
    }

    /// Waits, but no longer than the limit.
    ///
    /// # Errors
    ///
    /// [`Error::TimedOut`](crate::Error::TimedOut), and those of [`Lock::acquire`].
    pub fn acquire_timeout(
        &self,
        limit: Duration,
    ) -> Result<LockGuard<'_, T>, AcquireError<LockGuard<'_, T>>> {
        self.0.lock(0, deadline(limit)).map(LockGuard).map_err(|error| error.map(LockGuard))
    }

    /// Never waits: `None` if somebody holds the lock.
    ///
    /// # Errors
    ///
    /// [`AcquireError::Recovered`], with the guard, if the last holder ended without releasing it.
    pub fn try_acquire(&self) -> Result<Option<LockGuard<'_, T>>, AcquireError<LockGuard<'_, T>>> {
        let held = self.0.try_lock(0).map_err(|error| error.map(LockGuard))?;
        Ok(held.map(LockGuard))
    }
}

impl<T> LockGuard<'_, T> {
    /// Gives the lock back, as dropping does, where the end of a scope would not show it.
    pub fn release(self) {}
}

impl<T> Deref for LockGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.get()
    }
}

impl<T> DerefMut for LockGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.0.get_mut()
    }
}
