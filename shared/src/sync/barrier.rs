//! Wait for all the others.
//!
//! A process that waits holds a lock meanwhile, its seat. So the last to arrive counts only the living.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use super::event_count::EventCount;
use crate::deadline::{deadline, is_over};
use crate::sys::{CellGuard, LockArray, MutexKind};
use crate::{Error, Result};

/// A place where a fixed number of processes wait for each other, again and again. Mirrors Python's
/// `multiprocessing.Barrier`.
///
/// A process that is killed while it waits has not arrived; another one can come in its place.
///
/// ```
/// use shared::Process;
/// use shared::sync::Barrier;
///
/// let start = Barrier::new(2)?;
/// let runner = Process::new(|| start.wait().map(drop)).start()?;
/// start.wait()?; // Returns when the runner has come as well.
/// runner.join()?;
/// # Ok::<(), shared::Error>(())
/// ```
// The header: the event count of those who wait, and whether the barrier is broken. Cell 0 contains the number of the
// round that is waited for. The other cells are seats, and a seat's tag is the round that its process waits for. There
// are two seats for each party, since a fast process may take one for the next round before a slow one has left its
// own.
#[derive(Debug)]
pub struct Barrier(LockArray<(AtomicU32, AtomicBool), u32>);

/// The first round. A seat that no one has taken yet has a lower tag.
const FIRST_ROUND: u32 = 1;

impl Barrier {
    /// A barrier for this number of processes (or threads).
    ///
    /// # Panics
    ///
    /// With 0 parties: no process could ever be the last to arrive.
    ///
    /// # Errors
    ///
    /// The errors of [`Memory::new`](crate::Memory::new).
    pub fn new(parties: usize) -> Result<Self> {
        assert!(parties > 0, "a barrier for 0 parties");
        let header = (AtomicU32::new(0), AtomicBool::new(false));
        let cells = parties.saturating_mul(2).saturating_add(1);
        Ok(Self(LockArray::new(header, cells, FIRST_ROUND, MutexKind::ErrorCheck)?))
    }

    /// Waits until all have arrived. Returns `true` to the last one, which can then do what is to be done once a round.
    ///
    /// # Errors
    ///
    /// - [`Error::BarrierBroken`] if another process has given up, see [`Barrier::wait_timeout`]
    /// - [`Error::NoRoom`] if far more processes wait than the barrier is made for
    pub fn wait(&self) -> Result<bool> {
        self.wait_until(None)
    }

    /// Like [`Barrier::wait`], but gives up after the timeout. That breaks the barrier for good: every other process
    /// that waits, now or later, gets [`Error::BarrierBroken`], because one party is missing.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use shared::{Error, sync::Barrier};
    ///
    /// let barrier = Barrier::new(2)?;
    /// let waited = barrier.wait_timeout(Duration::from_millis(10));
    /// assert!(matches!(waited, Err(Error::TimedOut)));
    /// assert!(matches!(barrier.wait(), Err(Error::BarrierBroken)));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::TimedOut`] for the process that gives up, and the errors of [`Barrier::wait`].
    pub fn wait_timeout(&self, timeout: Duration) -> Result<bool> {
        self.wait_until(deadline(timeout)).inspect_err(|error| {
            if matches!(error, Error::TimedOut) {
                self.broken().store(true, Ordering::SeqCst);
                self.waiters().notify_all();
            }
        })
    }

    fn wait_until(&self, deadline: Option<Instant>) -> Result<bool> {
        let mut round = self.0.lock(0, deadline)?;
        // Before the check, because a process breaks the barrier without the lock.
        let mut epoch = self.waiters().prepare_wait();
        if self.broken().load(Ordering::SeqCst) {
            return Err(Error::BarrierBroken);
        }
        let ours = *round.get();
        if self.seated(ours)? + 1 == self.parties() {
            *round.get_mut() = next(ours); // This step ends the round, even if we are killed now.
            drop(round);
            self.waiters().notify_all();
            return Ok(true);
        }
        let _seat = self.take_seat(ours)?;
        loop {
            drop(round);
            self.waiters().wait(epoch, deadline);
            round = self.0.lock(0, deadline)?;
            epoch = self.waiters().prepare_wait();
            if *round.get() != ours {
                return Ok(false);
            }
            if self.broken().load(Ordering::SeqCst) {
                return Err(Error::BarrierBroken);
            }
            if is_over(deadline) {
                return Err(Error::TimedOut);
            }
        }
    }

    fn parties(&self) -> usize {
        self.0.len() / 2
    }

    /// How many living processes wait for the end of this round. Call it with the round locked.
    fn seated(&self, round: u32) -> Result<usize> {
        let mut seated = 0;
        for seat in self.seats() {
            if self.0.tag(seat).load(Ordering::SeqCst) == round {
                // If we can lock the seat, its process has given up or been killed.
                seated += usize::from(self.0.try_lock(seat)?.is_none());
            }
        }
        Ok(seated)
    }

    /// Call it with the round locked.
    fn take_seat(&self, round: u32) -> Result<CellGuard<'_, u32>> {
        for seat in self.seats() {
            if let Some(seat) = self.0.try_lock(seat)? {
                seat.tag().store(round, Ordering::SeqCst);
                return Ok(seat);
            }
        }
        Err(Error::NoRoom { call: "wait", room: self.parties() })
    }

    fn seats(&self) -> Range<usize> {
        1..self.0.len()
    }

    fn waiters(&self) -> EventCount<'_> {
        EventCount(&self.0.header().0)
    }

    fn broken(&self) -> &AtomicBool {
        &self.0.header().1
    }
}

fn next(round: u32) -> u32 {
    round.checked_add(1).unwrap_or(FIRST_ROUND)
}
