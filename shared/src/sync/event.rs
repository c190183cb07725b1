//! Something has happened: one says so, the others wait for it.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use super::event_count::EventCount;
use crate::deadline::{deadline, is_over};
use crate::{Memory, Result};

const SET: u32 = 1;

/// Not set, until a process sets it. Mirrors Python's `multiprocessing.Event`.
///
/// It has no lock that a killed process could hold, and no list of waiters that it could stand on.
///
/// ```
/// let event = shared::sync::Event::new()?;
/// assert!(!event.is_set());
/// event.set();
/// event.wait(); // Returns at once.
/// # Ok::<(), shared::Error>(())
/// ```
// The state: the lowest bit is SET, the others count how often it has been set. Then the bell's word.
#[derive(Debug)]
pub struct Event(Memory<(AtomicU32, AtomicU32)>);

impl Event {
    /// An event that is not set.
    ///
    /// # Errors
    ///
    /// [`Error::System`](crate::Error::System) if there is no memory left.
    pub fn new() -> Result<Self> {
        Memory::new((AtomicU32::new(0), AtomicU32::new(0))).map(Self)
    }

    /// Sets it and wakes all who wait: these go on, even if it is cleared before they run.
    pub fn set(&self) {
        let count = |state: u32| (state & SET == 0).then_some((state | SET).wrapping_add(2));
        if self.0.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, count).is_ok() {
            self.waiters().notify_all();
        }
    }

    /// Makes those wait who come from now on.
    pub fn clear(&self) {
        self.0.0.fetch_and(!SET, Ordering::SeqCst);
    }

    /// Whether it is set at this moment.
    pub fn is_set(&self) -> bool {
        self.state() & SET != 0
    }

    /// Waits until it is set.
    pub fn wait(&self) {
        self.wait_until(None);
    }

    /// Waits, but no longer than the limit: `false` if it was not set within it.
    pub fn wait_timeout(&self, limit: Duration) -> bool {
        self.wait_until(deadline(limit))
    }

    fn wait_until(&self, deadline: Option<Instant>) -> bool {
        let before = self.state();
        let happened = || self.is_set() || self.state() >> 1 != before >> 1;
        while !happened() {
            if is_over(deadline) {
                return false;
            }
            let epoch = self.waiters().prepare_wait();
            if happened() {
                break;
            }
            self.waiters().wait(epoch, deadline);
        }
        true
    }

    fn state(&self) -> u32 {
        self.0.0.load(Ordering::SeqCst)
    }

    fn waiters(&self) -> EventCount<'_> {
        EventCount(&self.0.1)
    }
}
