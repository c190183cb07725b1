//! The program's time: which sleeps and timeouts may end next.
//!
//! A thread that the director holds loses real time, and would meet timeouts that it never meets otherwise. So a run
//! has a time of its own, which advances only when a sleep, a timeout or a timer ends, or when a thread computes for
//! long. Sleeps may end in any order: the system guarantees none. But a program may rely on the lengths of its sleeps,
//! and these rules keep what it usually relies on.

use std::time::Duration;

use crate::direct::Act;

/// A held thread that could go on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub(super) act: Act,
    /// Since when it has been held, in the program's time.
    pub(super) since: Duration,
    /// When its sleep or its timeout is over, in the program's time.
    pub(super) due: Duration,
    /// Whether it has slept or gone on often lately, and no thread has printed a line.
    pub(super) is_tired: bool,
}

impl Candidate {
    /// Since when it could have gone on. None if it waits for something, although not for ever.
    fn ready(&self) -> Option<Duration> {
        match self.act {
            Act::TimeOut => None,
            Act::EndSleep => Some(self.due),
            _ => Some(self.since),
        }
    }
}

/// Which candidates may go on:
///
/// - A timeout ends only when no thread can do anything but sleep, and before all later sleeps and timeouts.
/// - A sleep does not end after a timeout that is over before it.
/// - A sleep does not end if another thread could have gone on, or could have ended its own sleep, for longer than
///   `patience` then.
/// - A tired thread comes after all others: it may only wait for them, in a loop.
pub(super) fn may_go_on(
    candidates: &[Candidate],
    patience: Duration,
    early_timeouts: bool,
) -> Vec<bool> {
    let first = |act: Act| {
        let its = candidates.iter().filter(move |candidate| candidate.act == act);
        its.map(|candidate| candidate.due).min()
    };
    let (timeout, sleep) = (first(Act::TimeOut), first(Act::EndSleep));
    let ready = candidates.iter().filter_map(Candidate::ready).min();
    let is_busy = candidates.iter().any(|one| !matches!(one.act, Act::TimeOut | Act::EndSleep));
    let in_time = |candidate: &Candidate| match candidate.act {
        _ if early_timeouts => true,
        Act::EndSleep => {
            timeout.is_none_or(|timeout| candidate.due <= timeout)
                && ready.is_none_or(|ready| candidate.due <= ready.saturating_add(patience))
        }
        Act::TimeOut => {
            !is_busy
                && Some(candidate.due) == timeout
                && sleep.is_none_or(|sleep| candidate.due < sleep)
        }
        _ => true,
    };
    let mut may: Vec<bool> = candidates.iter().map(in_time).collect();
    let is_rested = |(candidate, may): (&Candidate, &bool)| *may && !candidate.is_tired;
    if candidates.iter().zip(&may).any(is_rested) {
        for (candidate, may) in candidates.iter().zip(&mut may) {
            *may &= !candidate.is_tired;
        }
    }
    may
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    fn candidate(act: Act, since: u64, due: u64) -> Candidate {
        Candidate { act, since: ms(since), due: ms(due), is_tired: false }
    }

    fn sleep(due: u64) -> Candidate {
        candidate(Act::EndSleep, 0, due)
    }

    fn timeout(due: u64) -> Candidate {
        candidate(Act::TimeOut, 0, due)
    }

    fn may(candidates: &[Candidate]) -> Vec<bool> {
        may_go_on(candidates, ms(12), false)
    }

    #[test]
    fn sleeps_end_in_any_order() {
        assert_eq!(may(&[sleep(1), sleep(9)]), [true, true]);
    }

    #[test]
    fn a_timeout_is_the_last_resort() {
        assert_eq!(may(&[timeout(1), candidate(Act::Print, 0, 0)]), [false, true]);
        assert_eq!(may(&[timeout(2), timeout(1)]), [false, true]);
        assert_eq!(may(&[timeout(2), sleep(1)]), [false, true]);
        assert_eq!(may(&[timeout(1), sleep(2)]), [true, false], "it is over before the sleep");
        assert_eq!(may_go_on(&[timeout(1), sleep(2)], ms(12), true), [true, true]);
    }

    #[test]
    fn no_thread_is_held_for_ever() {
        let print = candidate(Act::Print, 5, 0);
        assert_eq!(may(&[print, sleep(17)]), [true, true]);
        assert_eq!(may(&[print, sleep(18)]), [true, false]);
        assert_eq!(may(&[sleep(1), sleep(13), sleep(14)]), [true, true, false]);
    }

    #[test]
    fn who_sleeps_again_and_again_comes_last() {
        let tired = Candidate { is_tired: true, ..sleep(1) };
        assert_eq!(may(&[tired, sleep(2)]), [false, true]);
        assert_eq!(may(&[tired, timeout(2)]), [true, false], "the timeout is not over yet");
    }
}
