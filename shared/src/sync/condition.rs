//! Wait until a value that other processes change is as you need it.

use std::ops::{Deref, DerefMut};
use std::sync::atomic::AtomicU32;
use std::time::{Duration, Instant};

use super::acquire::{AcquireError, acquired};
use super::event_count::EventCount;
use crate::deadline::{deadline, is_over};
use crate::sys::{CellGuard, LockArray, MutexKind};
use crate::{Error, Plain, Result};

/// A value, its lock, and a way to sleep until the value is right. Mirrors Python's `multiprocessing.Condition`.
///
/// Python lets you make two mistakes that this type rules out. You cannot notify or wait without the lock, since the
/// guard has these methods. And you cannot wait without a predicate: a bare wait misses a notice that came before it,
/// and one that went to a process which was killed before it could act. A predicate sees what has changed.
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
// The header is the event count of those who wait for a notice.
#[derive(Debug)]
pub struct Condition<T>(LockArray<AtomicU32, T>);

/// The right to use a [`Condition`]'s value, to notify, and to wait. Dropping it releases the lock.
///
/// ```
/// let jar = shared::sync::Condition::new(0_u32)?;
/// let mut cookies = jar.acquire()?;
/// *cookies += 1;
/// cookies.notify_one(); // A waiter goes on as soon as this guard is dropped or waits.
/// let cookies = cookies.wait_for(|cookies| *cookies > 0)?; // Returns at once: it is true.
/// cookies.release();
/// # Ok::<(), shared::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "dropped at once, it releases the lock at once"]
pub struct ConditionGuard<'a, T: Plain> {
    cell: CellGuard<'a, T>,
    condition: &'a Condition<T>,
}

type Acquired<'a, T> = Result<ConditionGuard<'a, T>, AcquireError<ConditionGuard<'a, T>>>;

impl<T: Plain> Condition<T> {
    /// A value with a free lock and no waiters.
    ///
    /// # Errors
    ///
    /// The errors of [`Memory::new`](crate::Memory::new).
    pub fn new(value: T) -> Result<Self> {
        Ok(Self(LockArray::new(AtomicU32::new(0), 1, value, MutexKind::ErrorCheck)?))
    }

    /// Waits until no other process or thread holds the lock.
    ///
    /// # Errors
    ///
    /// - [`AcquireError::Recovered`], with the guard, if the last holder ended without releasing the lock
    /// - [`Error::AlreadyHeld`] if this thread already holds the lock
    pub fn acquire(&self) -> Result<ConditionGuard<'_, T>, AcquireError<ConditionGuard<'_, T>>> {
        self.lock(None)
    }

    /// Like [`Condition::acquire`], but gives up after the timeout.
    ///
    /// # Errors
    ///
    /// [`Error::TimedOut`], and the errors of [`Condition::acquire`].
    pub fn acquire_timeout(
        &self,
        timeout: Duration,
    ) -> Result<ConditionGuard<'_, T>, AcquireError<ConditionGuard<'_, T>>> {
        self.lock(deadline(timeout))
    }

    fn lock(&self, deadline: Option<Instant>) -> Acquired<'_, T> {
        acquired(self.0.lock(0, deadline), |cell| ConditionGuard { cell, condition: self })
    }

    fn waiters(&self) -> EventCount<'_> {
        EventCount(self.0.header())
    }
}

impl<'a, T: Plain> ConditionGuard<'a, T> {
    /// Waits until `predicate` is true of the value. It releases the lock while it sleeps, and holds the lock when it
    /// calls `predicate` and when it returns. Mirrors Python's `Condition.wait_for`.
    ///
    /// # Errors
    ///
    /// [`AcquireError::Recovered`], with the guard, if meanwhile a holder ended without releasing the lock. The
    /// predicate may be false then.
    pub fn wait_for(
        self,
        predicate: impl FnMut(&mut T) -> bool,
    ) -> Result<Self, AcquireError<Self>> {
        self.wait(None, predicate)
    }

    /// Like [`ConditionGuard::wait_for`], but gives up after the timeout, and then no longer holds the lock.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use shared::{Error, sync::Condition};
    ///
    /// let jar = Condition::new(0_u32)?;
    /// let cookies = jar.acquire()?.wait_for_timeout(Duration::from_millis(10), |cookies| *cookies > 0);
    /// assert!(matches!(Error::from(cookies.unwrap_err()), Error::TimedOut));
    /// assert_eq!(*jar.acquire()?, 0); // The lock is free.
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::TimedOut`], and the errors of [`ConditionGuard::wait_for`].
    pub fn wait_for_timeout(
        self,
        timeout: Duration,
        predicate: impl FnMut(&mut T) -> bool,
    ) -> Result<Self, AcquireError<Self>> {
        self.wait(deadline(timeout), predicate)
    }

    fn wait(
        mut self,
        deadline: Option<Instant>,
        mut predicate: impl FnMut(&mut T) -> bool,
    ) -> Acquired<'a, T> {
        while !predicate(self.cell.get_mut()) {
            if is_over(deadline) {
                return Err(AcquireError::Failed(Error::TimedOut));
            }
            let condition = self.condition;
            // While we still hold the lock: a change of the value, and its notice, can only come after this.
            let epoch = condition.waiters().prepare_wait();
            drop(self);
            condition.waiters().wait(epoch, deadline);
            // With the deadline here too: the holder may have been stopped.
            self = condition.lock(deadline)?;
        }
        Ok(self)
    }

    /// Wakes one waiter, if there is one. It goes on when the lock is free.
    pub fn notify_one(&self) {
        self.notify(1);
    }

    /// Wakes up to this number of waiters. Mirrors Python's `notify(n)`.
    pub fn notify(&self, waiters: u32) {
        self.condition.waiters().notify(waiters);
    }

    /// Wakes all waiters.
    pub fn notify_all(&self) {
        self.condition.waiters().notify_all();
    }

    /// Releases the lock, as dropping the guard does.
    pub fn release(self) {}
}

impl<T: Plain> Deref for ConditionGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.cell.get()
    }
}

impl<T: Plain> DerefMut for ConditionGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.cell.get_mut()
    }
}
