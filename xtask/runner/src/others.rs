//! The processor time that other programs take from a run that computes.
//!
//! A run that sleeps is not delayed as long as each of its threads gets a processor soon: the census looks at that. A
//! run that computes is slower on a busy machine however soon its threads are served, and its threads may live for so
//! short a time that no look sees them wait. So here the whole machine is looked at.

use std::fs;
use std::time::{Duration, Instant};

use nix::sys::resource::{Usage, UsageWho, getrusage};
use nix::sys::time::TimeValLike;

/// The unit of proc_stat(5).
const TICK: Duration = Duration::from_millis(10);
/// A run computes if it uses, or waits for, at least this many processors on average.
const COMPUTES: f64 = 0.2;
/// The share of the machine that others may use: an idle machine has small things to do, too.
const USUAL: f64 = 0.1;

/// The processor time that had been used when a run started.
pub(crate) struct Others {
    start: Instant,
    busy: Duration,
    supervisor: Duration,
}

impl Others {
    /// None if the system does not provide it.
    pub(crate) fn from_now_on() -> Option<Self> {
        let start = Instant::now();
        Some(Self { start, busy: busy()?, supervisor: used(UsageWho::RUSAGE_SELF)? })
    }

    /// For how long others have kept all processors from the run, which took `wall`, has used `processor`, and has been
    /// ready to run for `waited` without getting one.
    pub(crate) fn delay(&self, processor: Duration, waited: Duration, wall: Duration) -> Duration {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let processors = u32::try_from(processors).unwrap_or(u32::MAX);
        let theirs = Self::from_now_on().map_or(Duration::ZERO, |now| {
            let all = now.busy.saturating_sub(self.busy);
            // While the run was suspended, they may have had all processors.
            let suspended = now.start.duration_since(self.start).saturating_sub(wall);
            let own = now.supervisor.saturating_sub(self.supervisor) + processor;
            all.saturating_sub(own + suspended * processors)
        });
        delay(theirs, processor + waited, wall, processors)
    }
}

fn delay(theirs: Duration, wanted: Duration, wall: Duration, processors: u32) -> Duration {
    if wanted < wall.mul_f64(COMPUTES) {
        return Duration::ZERO;
    }
    // Each processor may have counted one tick more than it has used.
    theirs.saturating_sub((wall.mul_f64(USUAL) + TICK) * processors) / processors
}

/// The processor time that has been used since the machine was started.
fn busy() -> Option<Duration> {
    in_stat(&fs::read_to_string("/proc/stat").ok()?)
}

/// From the first line: user, nice, system, idle, iowait, irq, softirq, steal. The time of guests, which follows, is
/// already included in user and nice.
fn in_stat(stat: &str) -> Option<Duration> {
    let line = stat.lines().next()?.strip_prefix("cpu ")?;
    let ticks: Vec<u64> =
        line.split_ascii_whitespace().map(str::parse).collect::<Result<_, _>>().ok()?;
    let idle = ticks.get(3)? + ticks.get(4)?;
    let all: u64 = ticks.iter().take(8).sum();
    Some(Duration::from_millis((all - idle) * TICK.as_millis() as u64))
}

fn used(who: UsageWho) -> Option<Duration> {
    getrusage(who).ok().map(|usage| processor_time(&usage))
}

/// In user mode and in the kernel.
pub(crate) fn processor_time(usage: &Usage) -> Duration {
    let microseconds = (usage.user_time() + usage.system_time()).num_microseconds();
    Duration::from_micros(microseconds.cast_unsigned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn what_is_not_idle_is_busy() {
        let stat = "cpu  100 20 50 1000 10 3 4 5 7 7\ncpu0 1 1 1 1\n";
        assert_eq!(in_stat(stat), Some(TICK * 182));
        assert_eq!(in_stat("intr 1 2 3"), None);
        assert!(busy().is_some());
    }

    #[test]
    fn a_run_that_computes_is_delayed_by_others() {
        let busy_machine = delay(SECOND, SECOND, SECOND, 2);
        assert_eq!(busy_machine, Duration::from_millis(390), "half of it, less the usual");
        assert_eq!(delay(SECOND / 10, 2 * SECOND, SECOND, 2), Duration::ZERO, "the usual");
    }

    #[test]
    fn a_run_that_sleeps_is_not() {
        assert_eq!(delay(2 * SECOND, SECOND / 6, SECOND, 2), Duration::ZERO);
    }
}
