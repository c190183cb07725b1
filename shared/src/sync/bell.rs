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
const LOOKS: u32 = 100;
/// Then, times to let others run: one who waits for the same core's next ring would look in vain.
const YIELDS: u32 = 20;
/// Whoever has let others run and gets the core back later than this shares it with somebody who has more to do. Then it
/// is better to sleep: a sleeper is woken early, one who yields comes last.
const SOON: Duration = Duration::from_micros(500);
/// For so long after that.
const CROWDED: Duration = Duration::from_millis(300);

thread_local! {
    /// Until when this thread does not yield.
    static NO_YIELD: Cell<Option<Instant>> = const { Cell::new(None) };
}

const SLEEPERS: u32 = 1;

/// The lowest bit says that somebody may be asleep; the others count rings, so that none is missed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bell<'a>(pub(crate) &'a AtomicU32);

impl Bell<'_> {
    /// Looks for a while, without making anybody ring: what is about to happen costs neither side a call then.
    pub(crate) fn look(mut is_ready: impl FnMut() -> bool) -> bool {
        for _ in 0..LOOKS {
            if is_ready() {
                return true;
            }
            hint::spin_loop();
        }
        let mut now = Instant::now();
        if NO_YIELD.get().is_some_and(|until| now < until) {
            return false;
        }
        for _ in 0..YIELDS {
            if is_ready() {
                return true;
            }
            thread::yield_now();
            let before = mem::replace(&mut now, Instant::now());
            if now - before > SOON {
                NO_YIELD.set(Some(now + CROWDED));
                break;
            }
        }
        is_ready()
    }

    /// Announces a sleeper. Call it before the look that decides whether to sleep: a ring after that look is heard.
    pub(crate) fn listen(self) -> u32 {
        let heard = self.0.fetch_or(SLEEPERS, Ordering::SeqCst) | SLEEPERS;
        fence(Ordering::SeqCst); // Pairs with the one in `is_heard`: at least one of the two sees the other's change.
        heard
    }

    /// Sleeps until a ring that came after `listen`, a tenth of a second, or the deadline, whichever is first.
    pub(crate) fn sleep(self, heard: u32, deadline: Option<Instant>) {
        if Self::look(|| self.0.load(Ordering::Acquire) != heard) {
            return;
        }
        self.sleep_at_once(heard, deadline);
    }

    /// As `sleep`, for those who have looked before they listened.
    pub(crate) fn sleep_at_once(self, heard: u32, deadline: Option<Instant>) {
        let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let slice = Timespec::try_from(left.map_or(SLICE, |left| left.min(SLICE)))
            .expect("a tenth of a second fits");
        // Not PRIVATE, which would meet threads of one process only. Whatever ends the sleep, the caller looks again.
        let _ = futex::wait(self.0, Flags::empty(), heard, Some(&slice));
    }

    /// Wakes so many sleepers, after what they wait for has been changed.
    pub(crate) fn ring(self, sleepers: u32) {
        if !self.is_heard() {
            return;
        }
        let rung = self.0.fetch_add(2, Ordering::SeqCst).wrapping_add(2);
        if self.wake(sleepers) < sleepers as usize {
            // Nobody is left asleep, so the next ring need not call the system. Who has fallen asleep since then would
            // be overlooked by it: let them announce themselves anew.
            let quiet = rung & !SLEEPERS;
            if self.0.compare_exchange(rung, quiet, Ordering::SeqCst, Ordering::SeqCst).is_ok() {
                self.wake(u32::MAX);
            }
        }
    }

    /// Wakes all, after what they wait for has been changed.
    pub(crate) fn ring_all(self) {
        if self.is_heard() {
            let next = |word: u32| Some(word.wrapping_add(2) & !SLEEPERS);
            let _ = self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, next);
            self.wake(u32::MAX);
        }
    }

    fn is_heard(self) -> bool {
        fence(Ordering::SeqCst);
        self.0.load(Ordering::SeqCst) & SLEEPERS != 0
    }

    /// How many have been woken.
    fn wake(self, sleepers: u32) -> usize {
        // The kernel takes the number for a signed one.
        futex::wake(self.0, Flags::empty(), sleepers.min(i32::MAX as u32)).unwrap_or(0)
    }
}
