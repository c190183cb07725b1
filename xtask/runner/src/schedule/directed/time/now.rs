//! A moment of the program's time, as its clocks show it.

use std::time::Duration;

use nix::libc;
use rustix::time::{ClockId, clock_gettime};

/// What a run's monotonic clock shows at its start: a machine that has been up for some days.
const UPTIME: Duration = Duration::from_secs(1_000_000);

/// The time of a run, by the clocks that a program can read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Now {
    pub(crate) monotonic: Duration,
    pub(crate) real: Duration,
}

impl Now {
    /// When a run starts. Its monotonic clock, whose beginning means nothing, shows the same in each run: some programs
    /// make random numbers of it.
    pub(crate) fn at_the_start() -> Self {
        let real = clock_gettime(ClockId::Realtime);
        Self {
            monotonic: UPTIME,
            real: Duration::new(real.tv_sec.cast_unsigned(), real.tv_nsec as u32),
        }
    }

    pub(crate) fn after(self, time: Duration) -> Self {
        Self {
            monotonic: self.monotonic.saturating_add(time),
            real: self.real.saturating_add(time),
        }
    }

    /// By this clock of the system. None if it counts processor time.
    pub(crate) fn by(self, clock: i32) -> Option<Duration> {
        match clock {
            libc::CLOCK_REALTIME | libc::CLOCK_REALTIME_COARSE | libc::CLOCK_REALTIME_ALARM => {
                Some(self.real)
            }
            libc::CLOCK_MONOTONIC
            | libc::CLOCK_MONOTONIC_RAW
            | libc::CLOCK_MONOTONIC_COARSE
            | libc::CLOCK_BOOTTIME
            | libc::CLOCK_BOOTTIME_ALARM => Some(self.monotonic),
            _ => None,
        }
    }
}
