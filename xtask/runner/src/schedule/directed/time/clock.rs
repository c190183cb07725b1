//! The clock of a run, which all of its processes read.

use std::collections::BTreeMap;
use std::time::Duration;

use super::now::Now;
use super::vdso::ProcessClock;

#[derive(Debug)]
pub(super) struct Clock {
    /// When the program was started.
    start: Now,
    /// How much of the program's time has passed since then.
    passed: Duration,
    /// Where each process reads it, by its number.
    processes: BTreeMap<i32, ProcessClock>,
}

impl Clock {
    pub(super) fn start() -> Self {
        Self { start: Now::at_the_start(), passed: Duration::ZERO, processes: BTreeMap::new() }
    }

    /// How much of the program's time has passed since its start.
    pub(super) fn passed(&self) -> Duration {
        self.passed
    }

    /// What the program's clocks show.
    pub(super) fn now(&self) -> Now {
        self.start.after(self.passed)
    }

    /// Makes a process read this clock. One whose own clock cannot be replaced goes on with that.
    pub(super) fn show_to(&mut self, pid: i32) {
        let clock = ProcessClock::replace(pid, self.now());
        self.processes.extend(clock.map(|clock| (pid, clock)));
    }

    /// Goes on to this time, if it is later.
    pub(super) fn advance(&mut self, time: Duration) {
        self.passed = self.passed.max(time);
        let now = self.now();
        // A clock that cannot be set belongs to a process that has ended, or runs another program.
        self.processes.retain(|_, clock| clock.set(now).is_ok());
    }
}
