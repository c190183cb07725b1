//! One at a time.

use std::ops::{Deref, DerefMut};
use std::time::Duration;

use super::acquire::{AcquireError, acquired, try_acquired};
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
    /// The errors of [`Memory::new`](crate::Memory::new).
    pub fn new(value: T) -> Result<Self> {
        Ok(Self(LockArray::new((), 1, value, MutexKind::ErrorCheck)?))
    }

    /// Waits until no other process or thread holds the lock.
    ///
    /// # Errors
    ///
    /// - [`AcquireError::Recovered`], with the guard, if the last holder ended without releasing the lock
    /// - [`Error::AlreadyHeld`](crate::Error::AlreadyHeld) if this thread already holds the lock
    #[inline]
    pub fn acquire(&self) -> Result<LockGuard<'_, T>, AcquireError<LockGuard<'_, T>>> {
        acquired(self.0.lock(0, None), LockGuard)
    }

    /// Like [`Lock::acquire`], but gives up after the timeout.
    ///
    /// # Errors
    ///
    /// [`Error::TimedOut`](crate::Error::TimedOut), and the errors of [`Lock::acquire`].
    pub fn acquire_timeout(
        &self,
        timeout: Duration,
    ) -> Result<LockGuard<'_, T>, AcquireError<LockGuard<'_, T>>> {
        acquired(self.0.lock(0, deadline(timeout)), LockGuard)
    }

    /// Never waits: `None` if the lock is held, even by this thread.
    ///
    /// # Errors
    ///
    /// [`AcquireError::Recovered`], with the guard, if the last holder ended without releasing the lock.
    pub fn try_acquire(&self) -> Result<Option<LockGuard<'_, T>>, AcquireError<LockGuard<'_, T>>> {
        try_acquired(self.0.try_lock(0), LockGuard)
    }
}

impl<T> LockGuard<'_, T> {
    /// Releases the lock, as dropping the guard does. Use it where the end of a scope would not show the release.
    ///
    /// ```
    /// let lock = shared::sync::Lock::new(())?;
    /// let guard = lock.acquire()?;
    /// guard.release();
    /// assert!(lock.try_acquire()?.is_some());
    /// # Ok::<(), shared::Error>(())
    /// ```
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
