//! Wait for all the others.
//!
//! Who waits sits on a seat: a lock that it holds meanwhile. So the last to arrive counts the living only.

use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use super::event_count::EventCount;
use crate::acquire::AcquireError;
use crate::deadline::{deadline, is_over};
use crate::sys::{CellGuard, LockArray, MutexKind};
use crate::{Error, Result};

/// A place where so many processes wait for each other, again and again. Mirrors Python's `multiprocessing.Barrier`.
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
// The head is the bell's word. Cell 0 holds the round that is waited for, counted from 1, and its mark says whether the
// barrier is broken. The others are seats, marked with the round of whoever sits there: twice as many as parties, since a
// fast process may sit down for the next round before a slow one has got up.
#[derive(Debug)]
pub struct Barrier(LockArray<AtomicU32, u32>);

const BROKEN: u32 = 1;
/// The mark of a seat on which nobody has sat, or whose round was reset.
const NO_ROUND: u32 = 0;

impl Barrier {
    /// A barrier for so many processes (or threads).
    ///
    /// # Panics
    ///
    /// With 0 parties: nobody could ever be the last to arrive.
    ///
    /// # Errors
    ///
    /// [`Error::System`] if there is no memory left.
    pub fn new(parties: usize) -> Result<Self> {
        assert!(parties > 0, "a barrier for 0 parties");
        LockArray::new(AtomicU32::new(0), 1 + 2 * parties, 1, MutexKind::ErrorCheck).map(Self)
    }

    /// How many wait for each other.
    pub fn parties(&self) -> usize {
        self.0.len() / 2
    }

    /// Waits until all have arrived. `true` for the one that came last, so that one of them can do what is to be done
    /// once a round.
    ///
    /// # Errors
    ///
    /// - [`Error::BarrierBroken`] if somebody gave up, aborted or reset the barrier, before or meanwhile
    /// - [`Error::NoRoom`] if far more processes wait than the barrier is made for
    pub fn wait(&self) -> Result<bool> {
        self.wait_until(None)
    }

    /// Waits, but no longer than the limit. Who gives up breaks the barrier: the others wait for nobody.
    ///
    /// # Errors
    ///
    /// [`Error::TimedOut`] for the one whose limit was over, and those of [`Barrier::wait`].
    pub fn wait_timeout(&self, limit: Duration) -> Result<bool> {
        self.wait_until(deadline(limit))
    }

    /// Breaks the barrier, until it is reset: whoever waits, now or later, gets [`Error::BarrierBroken`].
    pub fn abort(&self) {
        // Without the lock: its holder may have been stopped.
        self.0.tag(0).store(BROKEN, Ordering::SeqCst);
        self.waiters().notify_all();
    }

    /// Mends the barrier. Those who wait get [`Error::BarrierBroken`], those who come from now on start a new round.
    ///
    /// # Errors
    ///
    /// [`Error::System`] if the system refuses.
    pub fn reset(&self) -> Result<()> {
        let mut round = self.round(None)?;
        // At each seat, so that a slow one learns of it however many rounds have passed. Who is killed on the way has told
        // some of them, and the others wait for new ones.
        for seat in self.seats_of(*round.get()) {
            self.0.tag(seat).store(NO_ROUND, Ordering::SeqCst);
        }
        *round.get_mut() = next(*round.get());
        self.0.tag(0).store(0, Ordering::SeqCst);
        drop(round);
        self.waiters().notify_all();
        Ok(())
    }

    /// How many wait at this moment, the killed not among them.
    ///
    /// # Errors
    ///
    /// [`Error::System`] if the system refuses.
    pub fn waiting(&self) -> Result<usize> {
        let round = self.round(None)?;
        self.seated(*round.get())
    }

    /// Whether it has been aborted, or somebody gave up.
    pub fn is_broken(&self) -> bool {
        self.0.tag(0).load(Ordering::SeqCst) == BROKEN
    }

    fn wait_until(&self, deadline: Option<Instant>) -> Result<bool> {
        let mut round = self.round(deadline).inspect_err(|_| self.abort())?;
        let mut epoch = self.waiters().prepare_wait(); // Before the first look: abort comes without the lock.
        if self.is_broken() {
            return Err(Error::BarrierBroken);
        }
        let ours = *round.get();
        if self.seated(ours)? + 1 == self.parties() {
            *round.get_mut() = next(ours); // With this step the round is over, even if we are killed now.
            drop(round);
            self.waiters().notify_all();
            return Ok(true);
        }
        let seat = self.sit_down(ours)?;
        loop {
            drop(round);
            self.waiters().wait(epoch, deadline);
            round = self.round(deadline).inspect_err(|_| self.abort())?;
            epoch = self.waiters().prepare_wait();
            if seat.tag().load(Ordering::SeqCst) == NO_ROUND {
                return Err(Error::BarrierBroken);
            }
            if *round.get() != ours {
                return Ok(false);
            }
            if self.is_broken() {
                return Err(Error::BarrierBroken);
            }
            if is_over(deadline) {
                self.abort();
                return Err(Error::TimedOut);
            }
        }
    }

    fn round(&self, deadline: Option<Instant>) -> Result<CellGuard<'_, u32>> {
        self.0.lock(0, deadline).or_else(AcquireError::into_guard)
    }

    /// How many living processes wait for the end of this round. Call it with the round locked.
    fn seated(&self, round: u32) -> Result<usize> {
        let mut seated = 0;
        for seat in self.seats_of(round) {
            // A seat that can be had is one whose process gave up or was killed.
            seated += usize::from(self.take(seat)?.is_none());
        }
        Ok(seated)
    }

    /// Call it with the round locked.
    fn sit_down(&self, round: u32) -> Result<CellGuard<'_, u32>> {
        for seat in self.seats() {
            if let Some(held) = self.take(seat)? {
                held.tag().store(round, Ordering::SeqCst);
                return Ok(held);
            }
        }
        Err(Error::NoRoom { call: "wait", room: self.parties() })
    }

    fn take(&self, seat: usize) -> Result<Option<CellGuard<'_, u32>>> {
        self.0.try_lock(seat).or_else(|error| error.into_guard().map(Some))
    }

    fn seats(&self) -> Range<usize> {
        1..self.0.len()
    }

    fn seats_of(&self, round: u32) -> impl Iterator<Item = usize> {
        self.seats().filter(move |&seat| self.0.tag(seat).load(Ordering::SeqCst) == round)
    }

    fn waiters(&self) -> EventCount<'_> {
        EventCount(self.0.header())
    }
}

fn next(round: u32) -> u32 {
    round.checked_add(1).unwrap_or(NO_ROUND + 1)
}
