//! A fixed number at a time.
//!
//! A semaphore is an array of locks, and a permit is one of these locks, held. So the kernel knows who has the permits,
//! and the permit of a killed process is recovered in the same way as its lock.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use super::acquire::{AcquireError, try_acquired};
use super::event_count::EventCount;
use crate::deadline::{deadline, is_over};
use crate::sys::{CellGuard, LockArray, MutexKind};
use crate::{Error, Result};

/// A fixed number of permits: dropping a permit is the only way to release one. Mirrors Python's
/// `multiprocessing.BoundedSemaphore`, whose `ValueError` for one release too many cannot happen here.
///
/// ```
/// use shared::sync::BoundedSemaphore;
///
/// let seats = BoundedSemaphore::new(2)?;
/// let first = seats.acquire()?;
/// let second = seats.acquire()?;
/// assert!(seats.try_acquire()?.is_none());
/// drop(first);
/// let third = seats.acquire()?;
/// # Ok::<(), shared::Error>(())
/// ```
#[derive(Debug)]
pub struct BoundedSemaphore(Permits);

/// A number of permits that any process can raise, by [`Semaphore::release`], or lower, by [`Permit::consume`]. Mirrors
/// Python's `multiprocessing.Semaphore`.
///
/// ```
/// let letters = shared::sync::Semaphore::new(0)?;
/// letters.release()?; // It is not necessary to have acquired a permit.
/// letters.acquire()?.consume();
/// assert!(letters.try_acquire()?.is_none());
/// # Ok::<(), shared::Error>(())
/// ```
#[derive(Debug)]
pub struct Semaphore(Permits);

/// A permit of a [`BoundedSemaphore`] or a [`Semaphore`]. It is released when it is dropped, and when its process ends,
/// for whatever reason.
#[derive(Debug)]
#[must_use = "dropped at once, it is released at once"]
pub struct Permit<'a> {
    /// `None` only while the permit is being dropped: the lock must be free before a waiter is notified.
    lock: Option<CellGuard<'a, ()>>,
    waiters: EventCount<'a>,
}

impl BoundedSemaphore {
    /// A semaphore with this number of permits, all of them free.
    ///
    /// # Errors
    ///
    /// The errors of [`Memory::new`](crate::Memory::new).
    pub fn new(permits: usize) -> Result<Self> {
        Permits::new(permits, permits).map(Self)
    }

    /// Waits until a permit is free.
    ///
    /// # Errors
    ///
    /// [`AcquireError::Recovered`], with the permit, if the last process that had it ended without releasing it.
    pub fn acquire(&self) -> Result<Permit<'_>, AcquireError<Permit<'_>>> {
        self.0.acquire(None)
    }

    /// Like [`BoundedSemaphore::acquire`], but gives up after the timeout.
    ///
    /// # Errors
    ///
    /// [`Error::TimedOut`], and the errors of [`BoundedSemaphore::acquire`].
    pub fn acquire_timeout(
        &self,
        timeout: Duration,
    ) -> Result<Permit<'_>, AcquireError<Permit<'_>>> {
        self.0.acquire(deadline(timeout))
    }

    /// Never waits: `None` if no permit is free.
    ///
    /// # Errors
    ///
    /// [`AcquireError::Recovered`], with the permit, if the last process that had it ended without releasing it.
    pub fn try_acquire(&self) -> Result<Option<Permit<'_>>, AcquireError<Permit<'_>>> {
        self.0.try_acquire()
    }
}

impl Semaphore {
    /// The most permits that [`Semaphore::release`] can raise the number to, unless the semaphore started with more.
    pub const MAX_PERMITS: usize = 1024;

    /// A semaphore with this number of permits, all of them free.
    ///
    /// # Errors
    ///
    /// The errors of [`Memory::new`](crate::Memory::new).
    pub fn new(permits: usize) -> Result<Self> {
        Permits::new(permits, permits.max(Self::MAX_PERMITS)).map(Self)
    }

    /// Adds a permit and wakes one waiter.
    ///
    /// # Errors
    ///
    /// [`Error::NoRoom`] if there are [`Semaphore::MAX_PERMITS`] permits, free or not.
    pub fn release(&self) -> Result<()> {
        self.0.add()
    }

    /// Waits until a permit is free.
    ///
    /// # Errors
    ///
    /// [`AcquireError::Recovered`], with the permit, if the last process that had it ended without releasing it.
    pub fn acquire(&self) -> Result<Permit<'_>, AcquireError<Permit<'_>>> {
        self.0.acquire(None)
    }

    /// Like [`Semaphore::acquire`], but gives up after the timeout.
    ///
    /// # Errors
    ///
    /// [`Error::TimedOut`], and the errors of [`Semaphore::acquire`].
    pub fn acquire_timeout(
        &self,
        timeout: Duration,
    ) -> Result<Permit<'_>, AcquireError<Permit<'_>>> {
        self.0.acquire(deadline(timeout))
    }

    /// Never waits: `None` if no permit is free.
    ///
    /// # Errors
    ///
    /// [`AcquireError::Recovered`], with the permit, if the last process that had it ended without releasing it.
    pub fn try_acquire(&self) -> Result<Option<Permit<'_>>, AcquireError<Permit<'_>>> {
        self.0.try_acquire()
    }
}

impl Permit<'_> {
    /// Gives the permit back, as dropping it does.
    pub fn release(self) {}

    /// Takes the permit out of the semaphore: from now on there is one permit fewer.
    pub fn consume(self) {
        let lock = self.lock.as_ref().expect("held until dropped");
        lock.tag().store(SPARE, Ordering::SeqCst);
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.lock.take();
        self.waiters.notify(1);
    }
}

/// The locks. The header is the event count of those who wait for a permit, and a lock's tag says what the lock is.
#[derive(Debug)]
struct Permits(LockArray<AtomicU32, ()>);

/// The tag of a lock that is room for one more permit.
const SPARE: u32 = 0;
/// The tag of a lock that is a permit.
const PERMIT: u32 = 1;

impl Permits {
    fn new(permits: usize, room: usize) -> Result<Self> {
        let locks = LockArray::new(AtomicU32::new(0), room, (), MutexKind::ErrorCheck)?;
        (0..permits).for_each(|index| locks.tag(index).store(PERMIT, Ordering::Relaxed));
        Ok(Self(locks))
    }

    fn acquire(&self, deadline: Option<Instant>) -> Result<Permit<'_>, AcquireError<Permit<'_>>> {
        loop {
            // Once without `prepare_wait`, which would make every release call the kernel.
            if let Some(permit) = self.try_acquire()? {
                return Ok(permit);
            }
            let epoch = self.waiters().prepare_wait();
            if let Some(permit) = self.try_acquire()? {
                return Ok(permit);
            }
            if is_over(deadline) {
                return Err(AcquireError::Failed(Error::TimedOut));
            }
            self.waiters().wait(epoch, deadline);
        }
    }

    fn try_acquire(&self) -> Result<Option<Permit<'_>>, AcquireError<Permit<'_>>> {
        for index in self.tagged(PERMIT) {
            let permit = |lock| Permit { lock: Some(lock), waiters: self.waiters() };
            match self.0.try_lock(index) {
                // It may have been consumed after we read the tag, and before we had the lock.
                Ok(Some(lock)) if !is_permit(&lock) => {}
                Ok(None) => {}
                locked => return try_acquired(locked, permit),
            }
        }
        Ok(None)
    }

    fn add(&self) -> Result<()> {
        for index in self.tagged(SPARE) {
            // The tag changes in one step: a process that dies here leaves either a spare lock or a permit.
            match self.0.try_lock(index)? {
                Some(lock) if !is_permit(&lock) => lock.tag().store(PERMIT, Ordering::SeqCst),
                _ => continue,
            }
            self.waiters().notify(1);
            return Ok(());
        }
        Err(Error::NoRoom { call: "release", room: self.0.len() })
    }

    fn tagged(&self, tag: u32) -> impl Iterator<Item = usize> {
        (0..self.0.len()).filter(move |&index| self.0.tag(index).load(Ordering::SeqCst) == tag)
    }

    fn waiters(&self) -> EventCount<'_> {
        EventCount(self.0.header())
    }
}

fn is_permit(lock: &CellGuard<'_, ()>) -> bool {
    lock.tag().load(Ordering::SeqCst) == PERMIT
}
