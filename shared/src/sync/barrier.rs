//! Wait for all the others.
//!
//! Who waits sits on a seat: a lock that it holds meanwhile. So the last to arrive counts the living only.

use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use super::bell::Bell;
use super::{AcquireError, deadline, is_over};
use crate::sys::{Again, Held, Row};
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
// The head is the bell's word. Cell 0 holds the state, and its mark says whether the barrier is broken. The others are
// seats, marked with the round that is waited for: twice as many as parties, since a fast process may sit down for the
// next round before a slow one has got up.
#[derive(Debug)]
pub struct Barrier(Row<AtomicU32, State>);

/// The round that is waited for, counted from 1, and the last one that was reset. Whoever is killed while changing them
/// leaves each old or new, and with either the others go on.
type State = (u32, u32);

const BROKEN: u32 = 1;

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
        Row::new(AtomicU32::new(0), 1 + 2 * parties, (1, 0), Again::Fails).map(Self)
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
    /// - [`Error::Broken`] if somebody gave up, aborted or reset the barrier, before or meanwhile
    /// - [`Error::Room`] if far more processes wait than the barrier is made for
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

    /// Breaks the barrier, until it is reset: whoever waits, now or later, gets [`Error::Broken`].
    pub fn abort(&self) {
        // Without the lock: its holder may have been stopped.
        self.0.mark(0).store(BROKEN, Ordering::SeqCst);
        self.bell().ring_all();
    }

    /// Mends the barrier. Those who wait get [`Error::Broken`], those who come from now on start a new round.
    ///
    /// # Errors
    ///
    /// [`Error::System`] if the system refuses.
    pub fn reset(&self) -> Result<()> {
        let mut state = self.state(None)?;
        let (round, _) = *state.get();
        *state.get_mut() = (next(round), round);
        self.0.mark(0).store(0, Ordering::SeqCst);
        drop(state);
        self.bell().ring_all();
        Ok(())
    }

    /// How many wait at this moment, the killed not among them.
    ///
    /// # Errors
    ///
    /// [`Error::System`] if the system refuses.
    pub fn waiting(&self) -> Result<usize> {
        let state = self.state(None)?;
        self.seated(state.get().0)
    }

    /// Whether it has been aborted, or somebody gave up.
    pub fn is_broken(&self) -> bool {
        self.0.mark(0).load(Ordering::SeqCst) == BROKEN
    }

    fn wait_until(&self, deadline: Option<Instant>) -> Result<bool> {
        let mut state = self.state(deadline).inspect_err(|_| self.abort())?;
        let mut heard = self.bell().listen(); // Before the first look: abort comes without the lock.
        if self.is_broken() {
            return Err(Error::Broken);
        }
        let (round, _) = *state.get();
        if self.seated(round)? + 1 == self.parties() {
            state.get_mut().0 = next(round); // With this step the round is over, even if we are killed now.
            drop(state);
            self.bell().ring_all();
            return Ok(true);
        }
        let _seat = self.sit_down(round)?;
        loop {
            drop(state);
            self.bell().sleep(heard, deadline);
            state = self.state(deadline).inspect_err(|_| self.abort())?;
            heard = self.bell().listen();
            match *state.get() {
                (now, reset) if now != round && reset == round => return Err(Error::Broken),
                (now, _) if now != round => return Ok(false),
                _ if self.is_broken() => return Err(Error::Broken),
                _ if is_over(deadline) => {
                    self.abort();
                    return Err(Error::TimedOut);
                }
                _ => {}
            }
        }
    }

    fn state(&self, deadline: Option<Instant>) -> Result<Held<'_, State>> {
        self.0.lock(0, deadline).or_else(AcquireError::into_guard)
    }

    /// How many living processes wait for the end of this round. Call it with the state locked.
    fn seated(&self, round: u32) -> Result<usize> {
        let mut seated = 0;
        for seat in self.seats().filter(|&seat| self.0.mark(seat).load(Ordering::SeqCst) == round) {
            // A seat that can be had is one whose process gave up or was killed.
            seated += usize::from(self.take(seat)?.is_none());
        }
        Ok(seated)
    }

    /// Call it with the state locked.
    fn sit_down(&self, round: u32) -> Result<Held<'_, State>> {
        for seat in self.seats() {
            if let Some(held) = self.take(seat)? {
                held.mark().store(round, Ordering::SeqCst);
                return Ok(held);
            }
        }
        Err(Error::Room { call: "wait", room: self.parties() })
    }

    fn take(&self, seat: usize) -> Result<Option<Held<'_, State>>> {
        self.0.try_lock(seat).or_else(|error| error.into_guard().map(Some))
    }

    fn seats(&self) -> Range<usize> {
        1..self.0.len()
    }

    fn bell(&self) -> Bell<'_> {
        Bell(self.0.head())
    }
}

fn next(round: u32) -> u32 {
    // 0 is the mark of a seat on which nobody has sat.
    round.checked_add(1).unwrap_or(1)
}
