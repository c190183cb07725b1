//! How a process sleeps until another one wakes it: an event count, which is a number in shared memory, and futex(2).
//!
//! glibc's condition variable would do this for threads. Between processes it hangs once some waiters have been killed,
//! because it counts its waiters. An event count counts notices instead, so it does not matter who has died.
//!
//! A waiter calls [`EventCount::prepare_wait`], checks its condition, and then calls [`EventCount::wait`]. A process
//! that makes the condition true calls [`EventCount::notify`] afterwards.

use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering, fence};
use std::time::{Duration, Instant};
use std::{hint, mem, thread};

use rustix::thread::futex::{self, Flags, Timespec};

use crate::deadline::next_check;

/// How often to check before yielding. A check takes some 26 ns, while sleeping and being woken takes about 30 µs.
const SPINS: u32 = 100;
/// How often to yield before sleeping. If the process that will notify us waits for our core, only a yield lets it run.
const YIELDS: u32 = 20;
/// If a yield takes longer than this, another task is busy on our core: sleep instead of yielding again, because the
/// kernel runs a woken sleeper sooner than a process that has yielded.
const SLOW_YIELD: Duration = Duration::from_micros(500);
/// How long to avoid yielding after a slow yield.
const YIELD_PAUSE: Duration = Duration::from_millis(300);

thread_local! {
    /// This thread does not yield before this moment.
    static NO_YIELD_UNTIL: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// The lowest bit of the number: a waiter may be asleep, so a notice must call the kernel.
const WAITERS: u32 = 1;
/// What a notice adds to the number. The other bits are the epoch: they count notices, so that no waiter misses one.
const NOTICE: u32 = 2;

#[derive(Debug, Clone, Copy)]
pub(crate) struct EventCount<'a>(pub(crate) &'a AtomicU32);

impl EventCount<'_> {
    /// Checks again and again for some microseconds. If that is enough, neither side needs a system call.
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

    /// Registers a waiter, and returns the epoch. Call this before the last check of the condition: then `wait` does
    /// not miss a notice that comes after the check.
    pub(crate) fn prepare_wait(self) -> u32 {
        let epoch = self.0.fetch_or(WAITERS, Ordering::SeqCst) | WAITERS;
        fence(Ordering::SeqCst); // Pairs with the fence in `has_waiters`: at least one side sees the other's change.
        epoch
    }

    /// Whether there has been a notice since `prepare_wait` returned this epoch.
    pub(crate) fn was_notified(self, epoch: u32) -> bool {
        (self.0.load(Ordering::SeqCst) ^ epoch) & !WAITERS != 0
    }

    /// Waits for a notice that comes after `prepare_wait`, for a slice, or until the deadline, whichever is first.
    pub(crate) fn wait(self, epoch: u32, deadline: Option<Instant>) {
        if !Self::spin(|| self.0.load(Ordering::Acquire) != epoch) {
            self.sleep(epoch, deadline);
        }
    }

    /// As `wait`, for a caller that has spun before it called `prepare_wait`.
    pub(crate) fn sleep(self, epoch: u32, deadline: Option<Instant>) {
        let left = next_check(deadline).saturating_duration_since(Instant::now());
        let timeout = Timespec::try_from(left).expect("a tenth of a second fits");
        // Without PRIVATE, which would find only threads of this process. The caller checks again, whatever ends the
        // sleep.
        let _ = futex::wait(self.0, Flags::empty(), epoch, Some(&timeout));
    }

    /// Wakes up to this number of waiters. Call it after the change that they wait for.
    pub(crate) fn notify(self, waiters: u32) {
        if !self.has_waiters() {
            return;
        }
        let notified = self.0.fetch_add(NOTICE, Ordering::SeqCst).wrapping_add(NOTICE);
        if self.wake(waiters) < waiters as usize {
            // No one is left asleep, so clear the bit: the next notice need not call the kernel. A process may have
            // fallen asleep in between, and that notice would pass it by. Wake it, so that it registers again.
            let quiet = notified & !WAITERS;
            if self.0.compare_exchange(notified, quiet, Ordering::SeqCst, Ordering::SeqCst).is_ok()
            {
                self.wake(u32::MAX);
            }
        }
    }

    /// Wakes all waiters. Call it after the change that they wait for.
    pub(crate) fn notify_all(self) {
        if self.has_waiters() {
            let next = |word: u32| Some(word.wrapping_add(NOTICE) & !WAITERS);
            let _ = self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, next);
            self.wake(u32::MAX);
        }
    }

    fn has_waiters(self) -> bool {
        fence(Ordering::SeqCst);
        self.0.load(Ordering::SeqCst) & WAITERS != 0
    }

    /// Returns how many have been woken.
    fn wake(self, waiters: u32) -> usize {
        // The kernel reads the number as a signed one.
        futex::wake(self.0, Flags::empty(), waiters.min(i32::MAX as u32)).unwrap_or(0)
    }
}
