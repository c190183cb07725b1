//! The program's time, which has nothing to do with the machine's: a thread that the director holds loses real time,
//! and sleeps take none.
//!
//! All processes of a run read one clock (`clock`), which is put in the place of the system's (`vdso`). It shows a
//! `now`, and goes on when a sleep or a timeout ends, when a thread computes for long, and by a moment when a thread
//! polls without waiting, since it may do so in a loop. The program's timers end by this clock (`timers`), and
//! its calls about clocks and timers never reach the kernel (`calls`).

mod calls;
mod clock;
mod now;
mod timers;
mod vdso;

use std::time::Duration;

use self::clock::Clock;

pub(super) use self::now::Now;
pub(super) use self::timers::Timers;
pub(super) use self::vdso::try_to_replace_clocks;

/// How late a sleep ends, and how long a poll that does not wait takes. A program that waits until a moment has passed,
/// or in a loop without a pause, must come to a later one.
const MOMENT: Duration = Duration::from_micros(1);

/// The time of a run: its clock, and the timers that end by it.
#[derive(Debug)]
pub(super) struct Time {
    clock: Clock,
    timers: Timers,
}

impl Time {
    pub(super) fn start() -> Self {
        Self { clock: Clock::start(), timers: Timers::default() }
    }

    /// How much of it has passed since the program was started.
    pub(super) fn passed(&self) -> Duration {
        self.clock.passed()
    }

    /// What the program's clocks show.
    pub(super) fn now(&self) -> Now {
        self.clock.now()
    }

    /// Makes a process that has begun, or has begun to run another program, read this time.
    pub(super) fn show_to(&mut self, pid: i32) {
        self.clock.show_to(pid);
    }

    pub(super) fn pass(&mut self, length: Duration) {
        self.clock.advance(self.passed().saturating_add(length));
    }

    pub(super) fn pass_a_moment(&mut self) {
        self.pass(MOMENT);
    }

    /// Lets the time pass until what is due then has ended.
    pub(super) fn pass_until_after(&mut self, due: Duration) {
        self.clock.advance(due.max(self.passed()).saturating_add(MOMENT));
    }

    /// Ends the timers that are due. Returns whether there was one.
    pub(super) fn end_timers(&mut self) -> bool {
        self.timers.end(self.passed())
    }

    /// When the first timer ends.
    pub(super) fn first_timer(&self) -> Option<Duration> {
        self.timers.first()
    }

    /// Lets the time pass until the first timer ends. Returns whether there was one.
    pub(super) fn wait_for_timer(&mut self) -> bool {
        let Some(due) = self.first_timer() else {
            return false;
        };
        self.clock.advance(due);
        self.end_timers()
    }

    /// The timers, which end by another clock from now on.
    pub(super) fn take_timers(&mut self) -> Timers {
        std::mem::take(&mut self.timers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_may_be_the_longest() {
        let mut time = Time::start();
        time.pass_until_after(Duration::MAX);
        time.pass_a_moment();
        assert_eq!(time.passed(), Duration::MAX);
    }
}
