//! How a process sleeps until another one rings: a number in shared memory, and futex(2).
//!
//! glibc's condition variable would do it for threads. Between processes it hangs as soon as some waiters have been
//! killed, since it counts them. Here nobody is counted.

use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering, fence};
use std::time::{Duration, Instant};
use std::{hint, mem, thread};

use rustix::thread::futex::{self, Flags, Timespec};

use crate::deadline::SLICE;

/// Looks at the number before sleeping. Sleeping and being woken costs about 30 µs, a look some 26 ns.
const SPINS: u32 = 100;
/// Then, times to let others run: one who waits for the same core's next ring would look in vain.
const YIELDS: u32 = 20;
/// Whoever has let others run and gets the core back later than this shares it with somebody who has more to do. Then it
/// is better to sleep: a sleeper is woken early, one who yields comes last.
const SLOW_YIELD: Duration = Duration::from_micros(500);
/// For so long after that.
const YIELD_PAUSE: Duration = Duration::from_millis(300);

thread_local! {
    /// Until when this thread does not yield.
    static NO_YIELD_UNTIL: Cell<Option<Instant>> = const { Cell::new(None) };
}

const WAITERS: u32 = 1;

/// The lowest bit says that somebody may be asleep; the others count rings, so that none is missed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EventCount<'a>(pub(crate) &'a AtomicU32);

impl EventCount<'_> {
    /// Looks for a while, without making anybody ring: what is about to happen costs neither side a call then.
    pub(crate) fn spin(mut is_ready: impl FnMut() -> bool) -> bool {
        for _ in 0..SPINS {
            if is_ready() {
                return true;
            }
            hint::spin_loop();
        }
        let mut now = Instant::now();
        if NO_YIELD_UNTIL.get().is_some_and(|until| now < until) {
            return false;
        }
        for _ in 0..YIELDS {
            if is_ready() {
                return true;
            }
            thread::yield_now();
            let before = mem::replace(&mut now, Instant::now());
            if now - before > SLOW_YIELD {
                NO_YIELD_UNTIL.set(Some(now + YIELD_PAUSE));
                break;
            }
        }
        is_ready()
    }

    /// Announces a sleeper. Call it before the look that decides whether to sleep: a ring after that look is epoch.
    pub(crate) fn prepare_wait(self) -> u32 {
        let epoch = self.0.fetch_or(WAITERS, Ordering::SeqCst) | WAITERS;
        fence(Ordering::SeqCst); // Pairs with the one in `has_waiters`: at least one of the two sees the other's change.
        epoch
    }

    /// Sleeps until a ring that came after `listen`, a tenth of a second, or the deadline, whichever is first.
    pub(crate) fn wait(self, epoch: u32, deadline: Option<Instant>) {
        if Self::spin(|| self.0.load(Ordering::Acquire) != epoch) {
            return;
        }
        self.sleep(epoch, deadline);
    }

    /// As `sleep`, for those who have looked before they listened.
    pub(crate) fn sleep(self, epoch: u32, deadline: Option<Instant>) {
        let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let slice = Timespec::try_from(left.map_or(SLICE, |left| left.min(SLICE)))
            .expect("a tenth of a second fits");
        // Not PRIVATE, which would meet threads of one process only. Whatever ends the sleep, the caller looks again.
        let _ = futex::wait(self.0, Flags::empty(), epoch, Some(&slice));
    }

    /// Wakes so many sleepers, after what they wait for has been changed.
    pub(crate) fn notify(self, sleepers: u32) {
        if !self.has_waiters() {
            return;
        }
        let rung = self.0.fetch_add(2, Ordering::SeqCst).wrapping_add(2);
        if self.wake(sleepers) < sleepers as usize {
            // Nobody is left asleep, so the next ring need not call the system. Who has fallen asleep since then would
            // be overlooked by it: let them announce themselves anew.
            let quiet = rung & !WAITERS;
            if self.0.compare_exchange(rung, quiet, Ordering::SeqCst, Ordering::SeqCst).is_ok() {
                self.wake(u32::MAX);
            }
        }
    }

    /// Wakes all, after what they wait for has been changed.
    pub(crate) fn notify_all(self) {
        if self.has_waiters() {
            let next = |word: u32| Some(word.wrapping_add(2) & !WAITERS);
            let _ = self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, next);
            self.wake(u32::MAX);
        }
    }

    fn has_waiters(self) -> bool {
        fence(Ordering::SeqCst);
        self.0.load(Ordering::SeqCst) & WAITERS != 0
    }

    /// How many have been woken.
    fn wake(self, sleepers: u32) -> usize {
        // The kernel takes the number for a signed one.
        futex::wake(self.0, Flags::empty(), sleepers.min(i32::MAX as u32)).unwrap_or(0)
    }
}
