//! Wait until what another process changes is as you need it.

use std::ops::{Deref, DerefMut};
use std::sync::atomic::AtomicU32;
use std::time::{Duration, Instant};

use super::event_count::EventCount;
use crate::acquire::AcquireError;
use crate::deadline::{deadline, is_over};
use crate::sys::{CellGuard, LockArray, MutexKind};
use crate::{Error, Plain, Result};

/// A value, its lock, and sleep until the value is right. Mirrors Python's `multiprocessing.Condition`.
///
/// Two mistakes that Python lets you write cannot be written: notifying or waiting without the lock, since the guard has
/// the methods, and waiting without a question. A bare wait misses a notice that came before it, and one that was given
/// to a process killed before it could act; who asks again sees what has changed.
///
/// ```
/// use shared::Process;
/// use shared::sync::Condition;
///
/// let jar = Condition::new(0_u32)?;
/// let baker = Process::new(|| {
///     let mut cookies = jar.acquire()?;
///     *cookies += 3;
///     cookies.notify_all();
///     Ok(())
/// });
/// let baker = baker.start()?;
/// let cookies = jar.acquire()?.wait_for(|cookies| *cookies >= 3)?;
/// assert_eq!(*cookies, 3);
/// drop(cookies);
/// baker.join()?;
/// # Ok::<(), shared::Error>(())
/// ```
#[derive(Debug)]
pub struct Condition<T>(LockArray<AtomicU32, T>);

/// The right to use a [`Condition`]'s value, to notify, and to wait. Dropping it releases the lock.
#[derive(Debug)]
#[must_use = "dropped at once, it releases the lock at once"]
pub struct ConditionGuard<'a, T: Plain> {
    held: CellGuard<'a, T>,
    condition: &'a Condition<T>,
}

type Acquired<'a, T> = Result<ConditionGuard<'a, T>, AcquireError<ConditionGuard<'a, T>>>;

impl<T: Plain> Condition<T> {
    /// A value that nobody holds and nobody waits for.
    ///
    /// # Errors
    ///
    /// [`Error::System`] if there is no memory left.
    pub fn new(value: T) -> Result<Self> {
        Ok(Self(LockArray::new(AtomicU32::new(0), 1, value, MutexKind::ErrorCheck)?))
    }

    /// Waits until nobody holds the lock.
    ///
    /// # Errors
    ///
    /// - [`AcquireError::Recovered`], with the guard, if the last holder ended without releasing it
    /// - [`Error::AlreadyHeld`] if this thread holds it already
    pub fn acquire(&self) -> Result<ConditionGuard<'_, T>, AcquireError<ConditionGuard<'_, T>>> {
        self.lock(None)
    }

    /// Waits, but no longer than the limit.
    ///
    /// # Errors
    ///
    /// [`Error::TimedOut`], and those of [`Condition::acquire`].
    pub fn acquire_timeout(
        &self,
        limit: Duration,
    ) -> Result<ConditionGuard<'_, T>, AcquireError<ConditionGuard<'_, T>>> {
        self.lock(deadline(limit))
    }

    fn lock(&self, deadline: Option<Instant>) -> Acquired<'_, T> {
        let guard = |held| ConditionGuard { held, condition: self };
        self.0.lock(0, deadline).map(guard).map_err(|error| error.map(guard))
    }
}

impl<'a, T: Plain> ConditionGuard<'a, T> {
    /// Releases the lock and sleeps until the answer may have changed; holds the lock whenever it asks, and when it
    /// returns. Mirrors Python's `Condition.wait_for`.
    ///
    /// # Errors
    ///
    /// [`AcquireError::Recovered`], with the guard, if meanwhile a holder ended without releasing the lock. Then the
    /// answer may be no.
    pub fn wait_for(
        self,
        is_right: impl FnMut(&mut T) -> bool,
    ) -> Result<Self, AcquireError<Self>> {
        self.wait(None, is_right)
    }

    /// Waits, but no longer than the limit. What it returns when that is over no longer holds the lock.
    ///
    /// # Errors
    ///
    /// [`Error::TimedOut`], and those of [`ConditionGuard::wait_for`].
    pub fn wait_for_timeout(
        self,
        limit: Duration,
        is_right: impl FnMut(&mut T) -> bool,
    ) -> Result<Self, AcquireError<Self>> {
        self.wait(deadline(limit), is_right)
    }

    fn wait(
        mut self,
        deadline: Option<Instant>,
        mut is_right: impl FnMut(&mut T) -> bool,
    ) -> Acquired<'a, T> {
        while !is_right(self.held.get_mut()) {
            if is_over(deadline) {
                return Err(AcquireError::Failed(Error::TimedOut));
            }
            let condition = self.condition;
            let epoch = condition.waiters().prepare_wait(); // Before the release: what changes from here on will be epoch.
            drop(self);
            condition.waiters().wait(epoch, deadline);
            // Within the limit as well: the holder may have been stopped.
            self = condition.lock(deadline)?;
        }
        Ok(self)
    }

    /// Wakes one of those who wait; wakes nobody if nobody does. Who is woken goes on once the lock is free.
    pub fn notify_one(&self) {
        self.notify(1);
    }

    /// Wakes so many of those who wait.
    pub fn notify(&self, waiters: u32) {
        self.condition.waiters().notify(waiters);
    }

    /// Wakes all who wait.
    pub fn notify_all(&self) {
        self.condition.waiters().notify_all();
    }

    /// Gives the lock back, as dropping does.
    pub fn release(self) {}
}

impl<T: Plain> Condition<T> {
    fn waiters(&self) -> EventCount<'_> {
        EventCount(self.0.header())
    }
}

impl<T: Plain> Deref for ConditionGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.held.get()
    }
}

impl<T: Plain> DerefMut for ConditionGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.held.get_mut()
    }
}
