//! Something has happened: one process says so, the others wait for it.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use super::event_count::EventCount;
use crate::deadline::{deadline, is_over};
use crate::{Memory, Result};

/// A flag that processes can wait for. Mirrors Python's `multiprocessing.Event`.
///
/// It has no lock that a killed process could still hold, and no list of waiters that a killed process could be on.
///
/// ```
/// use shared::Process;
/// use shared::sync::Event;
///
/// let event = Event::new()?;
/// let setter = Process::new(|| {
///     event.set();
///     Ok(())
/// });
/// let setter = setter.start()?;
/// event.wait(); // Returns when the child has set it.
/// assert!(event.is_set());
/// setter.join()?;
/// # Ok::<(), shared::Error>(())
/// ```
// The flag, and the event count of those who wait for it.
#[derive(Debug)]
pub struct Event(Memory<(AtomicBool, AtomicU32)>);

impl Event {
    /// An event that is not set.
    ///
    /// # Errors
    ///
    /// The errors of [`Memory::new`].
    pub fn new() -> Result<Self> {
        Memory::new((AtomicBool::new(false), AtomicU32::new(0))).map(Self)
    }

    /// Sets the event and wakes all waiters. They go on even if the event is cleared before they run.
    pub fn set(&self) {
        if !self.flag().swap(true, Ordering::SeqCst) {
            self.waiters().notify_all();
        }
    }

    /// Clears the event: later calls of `wait` wait until it is set again.
    pub fn clear(&self) {
        self.flag().store(false, Ordering::SeqCst);
    }

    /// Whether the event is set at this moment.
    pub fn is_set(&self) -> bool {
        self.flag().load(Ordering::SeqCst)
    }

    /// Waits until the event is set.
    pub fn wait(&self) {
        self.wait_until(None);
    }

    /// Like [`Event::wait`], but gives up after the timeout: `false` if the event was not set in time.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let event = shared::sync::Event::new()?;
    /// assert!(!event.wait_timeout(Duration::from_millis(10)));
    /// event.set();
    /// assert!(event.wait_timeout(Duration::from_millis(10)));
    /// # Ok::<(), shared::Error>(())
    /// ```
    pub fn wait_timeout(&self, timeout: Duration) -> bool {
        self.wait_until(deadline(timeout))
    }

    fn wait_until(&self, deadline: Option<Instant>) -> bool {
        if self.is_set() {
            return true;
        }
        let epoch = self.waiters().prepare_wait();
        // A new epoch means that the event has been set, even if it has been cleared since.
        while !self.is_set() && !self.waiters().was_notified(epoch) {
            if is_over(deadline) {
                return false;
            }
            self.waiters().wait(epoch, deadline);
        }
        true
    }

    fn flag(&self) -> &AtomicBool {
        &self.0.0
    }

    fn waiters(&self) -> EventCount<'_> {
        EventCount(&self.0.1)
    }
}
