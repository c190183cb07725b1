//! So many at a time.
//!
//! A semaphore is a row of locks, and whoever holds one of them has a permit. So the kernel knows the holders, and the
//! permit of a killed one is found like a killed holder's lock.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use super::event_count::EventCount;
use crate::acquire::AcquireError;
use crate::deadline::{deadline, is_over};
use crate::sys::{CellGuard, LockArray, MutexKind};
use crate::{Error, Result};

/// The mark of a lock in the row that is room for a further permit.
const SPARE: u32 = 0;
/// The mark of a lock that is a permit.
const PERMIT: u32 = 1;

/// A number of permits that never grows: dropping a permit is the only way to release one. Mirrors Python's
/// `multiprocessing.BoundedSemaphore`, whose `ValueError` for releasing too often cannot happen here.
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

/// A number of permits that any process can add to, and take from for good. Mirrors Python's
/// `multiprocessing.Semaphore`.
///
/// ```
/// let letters = shared::sync::Semaphore::new(0)?;
/// letters.release()?; // Nobody needs to hold one for that.
/// letters.acquire()?.consume();
/// assert!(letters.try_acquire()?.is_none());
/// # Ok::<(), shared::Error>(())
/// ```
#[derive(Debug)]
pub struct Semaphore(Permits);

/// A permit of a [`BoundedSemaphore`]. Dropping it releases it; so does the end of its process, however it ends.
#[derive(Debug)]
#[must_use = "dropped at once, it is released at once"]
pub struct BoundedPermit<'a>(Slot<'a>);

/// A permit of a [`Semaphore`]. Dropping it releases it; so does the end of its process, however it ends.
#[derive(Debug)]
#[must_use = "dropped at once, it is released at once"]
pub struct Permit<'a>(Slot<'a>);

impl BoundedSemaphore {
    /// So many permits, all of them free.
    ///
    /// # Errors
    ///
    /// [`Error::System`] if there is no memory left.
    pub fn new(permits: usize) -> Result<Self> {
        Permits::new(permits, permits).map(Self)
    }

    /// Waits until a permit is free.
    ///
    /// # Errors
    ///
    /// [`AcquireError::Recovered`], with the permit, if the last process that had it ended without releasing it.
    pub fn acquire(&self) -> Result<BoundedPermit<'_>, AcquireError<BoundedPermit<'_>>> {
        self.0.acquire(None).map(BoundedPermit).map_err(|error| error.map(BoundedPermit))
    }

    /// Waits, but no longer than the limit.
    ///
    /// # Errors
    ///
    /// [`Error::TimedOut`], and those of [`BoundedSemaphore::acquire`].
    pub fn acquire_timeout(
        &self,
        limit: Duration,
    ) -> Result<BoundedPermit<'_>, AcquireError<BoundedPermit<'_>>> {
        self.0.acquire(deadline(limit)).map(BoundedPermit).map_err(|error| error.map(BoundedPermit))
    }

    /// Never waits: `None` if no permit is free.
    ///
    /// # Errors
    ///
    /// [`AcquireError::Recovered`], with the permit, if the last process that had it ended without releasing it.
    pub fn try_acquire(
        &self,
    ) -> Result<Option<BoundedPermit<'_>>, AcquireError<BoundedPermit<'_>>> {
        let slot = self.0.try_acquire().map_err(|error| error.map(BoundedPermit))?;
        Ok(slot.map(BoundedPermit))
    }
}

impl Semaphore {
    /// How many permits it has room for at a time, if it is not made with more.
    pub const ROOM: usize = 1024;

    /// So many permits, all of them free.
    ///
    /// # Errors
    ///
    /// [`Error::System`] if there is no memory left.
    pub fn new(permits: usize) -> Result<Self> {
        Permits::new(permits, permits.max(Self::ROOM)).map(Self)
    }

    /// Adds a permit and wakes one of those who wait.
    ///
    /// # Errors
    ///
    /// [`Error::NoRoom`] if there are as many permits as it has room for, in use or not.
    pub fn release(&self) -> Result<()> {
        self.0.add()
    }

    /// Waits until a permit is free.
    ///
    /// # Errors
    ///
    /// [`AcquireError::Recovered`], with the permit, if the last process that had it ended without releasing it.
    pub fn acquire(&self) -> Result<Permit<'_>, AcquireError<Permit<'_>>> {
        self.0.acquire(None).map(Permit).map_err(|error| error.map(Permit))
    }

    /// Waits, but no longer than the limit.
    ///
    /// # Errors
    ///
    /// [`Error::TimedOut`], and those of [`Semaphore::acquire`].
    pub fn acquire_timeout(&self, limit: Duration) -> Result<Permit<'_>, AcquireError<Permit<'_>>> {
        self.0.acquire(deadline(limit)).map(Permit).map_err(|error| error.map(Permit))
    }

    /// Never waits: `None` if no permit is free.
    ///
    /// # Errors
    ///
    /// [`AcquireError::Recovered`], with the permit, if the last process that had it ended without releasing it.
    pub fn try_acquire(&self) -> Result<Option<Permit<'_>>, AcquireError<Permit<'_>>> {
        let slot = self.0.try_acquire().map_err(|error| error.map(Permit))?;
        Ok(slot.map(Permit))
    }
}

impl Permit<'_> {
    /// Takes the permit out of the semaphore: one fewer from now on.
    pub fn consume(self) {
        let held = self.0.held.as_ref().expect("held until dropped");
        held.tag().store(SPARE, Ordering::SeqCst);
    }

    /// Gives the permit back, as dropping does.
    pub fn release(self) {}
}

impl BoundedPermit<'_> {
    /// Gives the permit back, as dropping does.
    pub fn release(self) {
        drop(self.0);
    }
}

/// The row of locks, with the bell's word as its head.
#[derive(Debug)]
struct Permits(LockArray<AtomicU32, ()>);

/// A lock of the row that this process holds.
#[derive(Debug)]
struct Slot<'a> {
    /// Always there, until dropping takes it: the lock must be free when the bell rings.
    held: Option<CellGuard<'a, ()>>,
    waiters: EventCount<'a>,
}

impl Permits {
    fn new(permits: usize, room: usize) -> Result<Self> {
        let row = LockArray::new(AtomicU32::new(0), room, (), MutexKind::ErrorCheck)?;
        (0..permits).for_each(|index| row.tag(index).store(PERMIT, Ordering::Relaxed));
        Ok(Self(row))
    }

    fn acquire(&self, deadline: Option<Instant>) -> Result<Slot<'_>, AcquireError<Slot<'_>>> {
        loop {
            // Who listens makes releases ring, so look without it first.
            if let Some(slot) = self.try_acquire()? {
                return Ok(slot);
            }
            let epoch = self.waiters().prepare_wait();
            if let Some(slot) = self.try_acquire()? {
                return Ok(slot);
            }
            if is_over(deadline) {
                return Err(AcquireError::Failed(Error::TimedOut));
            }
            self.waiters().wait(epoch, deadline);
        }
    }

    fn try_acquire(&self) -> Result<Option<Slot<'_>>, AcquireError<Slot<'_>>> {
        for index in self.marked(PERMIT) {
            let slot = |held| Slot { held: Some(held), waiters: self.waiters() };
            match self.0.try_lock(index) {
                // It may have been consumed between the look at the mark and the lock.
                Ok(Some(held)) if is_permit(&held) => return Ok(Some(slot(held))),
                Err(AcquireError::Recovered(held)) if is_permit(&held) => {
                    return Err(AcquireError::Recovered(slot(held)));
                }
                Ok(_) | Err(AcquireError::Recovered(_)) => {}
                Err(AcquireError::Failed(error)) => return Err(error.into()),
            }
        }
        Ok(None)
    }

    fn add(&self) -> Result<()> {
        for index in self.marked(SPARE) {
            // Whoever dies here leaves a spare lock or a permit: the mark changes in one step.
            let held = match self.0.try_lock(index) {
                Ok(Some(held)) | Err(AcquireError::Recovered(held)) => held,
                Ok(None) => continue,
                Err(AcquireError::Failed(error)) => return Err(error),
            };
            if !is_permit(&held) {
                held.tag().store(PERMIT, Ordering::SeqCst);
                drop(held);
                self.waiters().notify(1);
                return Ok(());
            }
        }
        Err(Error::NoRoom { call: "release", room: self.0.len() })
    }

    fn marked(&self, mark: u32) -> impl Iterator<Item = usize> {
        (0..self.0.len()).filter(move |&index| self.0.tag(index).load(Ordering::SeqCst) == mark)
    }

    fn waiters(&self) -> EventCount<'_> {
        EventCount(self.0.header())
    }
}

fn is_permit(held: &CellGuard<'_, ()>) -> bool {
    held.tag().load(Ordering::SeqCst) == PERMIT
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        self.held.take();
        self.waiters.notify(1);
    }
}
