//! How much other programs use the machine: their effect cannot be removed from a figure.

use std::fs;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

/// The least share of all cores' time that is reported.
const WORTH_A_WORD: f64 = 0.1;
/// The unit of proc_stat(5): ticks per second.
const TICKS: f64 = 100.0;

/// How the cores have spent their time up to a moment, in ticks.
#[derive(Debug, Clone, Copy)]
pub struct Neighbours {
    all: f64,
    idle: f64,
    /// For programs that we have started and that have ended.
    own: f64,
}

impl Neighbours {
    /// Up to now; None if the system does not provide it.
    pub fn now() -> Option<Self> {
        let usage = getrusage(UsageWho::RUSAGE_CHILDREN).ok()?;
        let microseconds = (usage.user_time() + usage.system_time()).num_microseconds();
        Self::parse(&fs::read_to_string("/proc/stat").ok()?, microseconds as f64 / 1e6)
    }

    /// From the first line: user, nice, system, idle, iowait and others.
    fn parse(stat: &str, own_seconds: f64) -> Option<Self> {
        let line = stat.lines().next()?.strip_prefix("cpu ")?;
        let times: Option<Vec<f64>> =
            line.split_whitespace().map(|time| time.parse().ok()).collect();
        let times = times?;
        // The time of guests is already included in user and nice.
        let all = times.iter().take(8).sum();
        Some(Self { all, idle: times.get(3)? + times.get(4)?, own: own_seconds * TICKS })
    }

    /// How much others have used since then, in words, if it was much.
    pub fn noise(self) -> Option<String> {
        let percent = 100.0 * Self::now()?.share_since(self)?;
        let noise = format!(
            "other programs used {percent:.0} % of the machine: these figures are worth little"
        );
        (percent >= 100.0 * WORTH_A_WORD).then_some(noise)
    }

    /// The share of all cores' time since then that was neither idle nor ours.
    fn share_since(self, before: Self) -> Option<f64> {
        let all = self.all - before.all;
        let busy = all - (self.idle - before.idle);
        (all > 0.0).then(|| (busy - (self.own - before.own)).max(0.0) / all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_neither_idle_nor_ours_is_theirs() {
        let moment = |stat: &str, own| Neighbours::parse(stat, own).unwrap();
        let before = moment("cpu  100 0 50 1000 10 0 0 0 7 7\ncpu0 1 1 1 1\n", 0.25);
        let stat = "cpu  110 0 55 1050 30 0 5 10 9 9\n";
        let share = moment(stat, 0.30).share_since(before);
        assert_eq!(share, Some(0.25), "30 of 100 were busy, 5 of them ours");
        assert_eq!(moment(stat, 0.75).share_since(before), Some(0.0), "ticks are coarse");
        assert_eq!(before.share_since(before), None, "no time has passed");
        assert!(Neighbours::parse("intr 1 2 3", 0.0).is_none());
    }
}
