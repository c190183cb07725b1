//! How much others use the machine: what they do to a figure, nobody can take out of it again.

use std::fs;
use std::thread;
use std::time::Duration;

use crate::parallel;

/// How long to look, and the share of all cores from which on it is worth a word.
const GLANCE: Duration = Duration::from_millis(100);
const WORTH_A_WORD: f64 = 0.1;

/// The share of the machine's cores that others use at this moment, in words. None if it is small, or unknown.
pub(crate) fn noise() -> Option<String> {
    let before = Times::now()?;
    thread::sleep(GLANCE);
    let busy = Times::now()?.since(&before)?;
    let percent = (100.0 * busy).round();
    let cores = parallel::cores();
    (busy >= WORTH_A_WORD).then(|| {
        format!("others keep {percent} % of {cores} cores busy: such figures are worth little")
    })
}

/// What all cores have done since the machine was started, see proc_stat(5).
struct Times {
    all: u64,
    idle: u64,
}

impl Times {
    fn now() -> Option<Self> {
        Self::parse(&fs::read_to_string("/proc/stat").ok()?)
    }

    /// From the first line: user, nice, system, idle, iowait and others.
    fn parse(stat: &str) -> Option<Self> {
        let line = stat.lines().next()?.strip_prefix("cpu ")?;
        let times: Option<Vec<u64>> =
            line.split_whitespace().map(|time| time.parse().ok()).collect();
        let times = times?;
        // What guests use is counted among user and nice already.
        Some(Self { all: times.iter().take(8).sum(), idle: times.get(3)? + times.get(4)? })
    }

    /// Which share of the time since then was not idle.
    fn since(&self, before: &Self) -> Option<f64> {
        let all = self.all.checked_sub(before.all).filter(|all| *all > 0)?;
        let idle = self.idle.saturating_sub(before.idle);
        Some(1.0 - idle as f64 / all as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idle_time_and_waiting_for_a_disk_are_not_busy() {
        let times = |text: &str| Times::parse(text).unwrap();
        let before = times("cpu  100 0 50 1000 10 0 0 0 7 7\ncpu0 1 1 1 1\n");
        let after = times("cpu  110 0 55 1050 35 0 5 5 9 9\n");
        assert_eq!(after.since(&before), Some(0.25), "25 of 100");
        assert_eq!(before.since(&before), None, "no time has passed");
        assert!(Times::parse("intr 1 2 3").is_none());
    }
}
