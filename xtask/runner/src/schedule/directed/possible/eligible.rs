//! Which of the threads that could go on may do so: rules about the program's time, and against waiting in a loop.
//!
//! Sleeps may end in any order: the system guarantees none. But a thread that the director holds loses time, and would
//! meet timeouts that it never meets otherwise. And a program may rely on the lengths of its sleeps. The rules keep
//! what it usually relies on. `possible` describes each thread as a [`Candidate`].

use std::time::Duration;

use crate::direct::{Act, Direction};

/// A held thread that could go on, or a timer that could end. Both times are the program's.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub(super) act: Act,
    /// Since when it has been held.
    pub(super) since: Duration,
    /// When its sleep or its timeout is over.
    pub(super) due: Duration,
    /// Whether it has slept or gone on often lately, and no thread has printed a line.
    pub(super) is_tired: bool,
}

impl Candidate {
    /// A timer, which ends as a timeout does. It is no move, since no thread makes it. It counts as tired, so that no
    /// tired thread comes after it.
    pub(super) fn timer(due: Duration) -> Self {
        Self { act: Act::TimeOut, since: due, due, is_tired: true }
    }

    /// Since when it could have gone on. None if it waits for something, although not for ever.
    fn free_since(&self) -> Option<Duration> {
        match self.act {
            Act::TimeOut => None,
            Act::EndSleep => Some(self.due),
            _ => Some(self.since),
        }
    }
}

/// What the candidates of one moment allow each other:
///
/// - A timeout ends only when no thread can do anything but sleep, and before all later sleeps and timeouts.
/// - A sleep does not end after a timeout that is over before it.
/// - A sleep does not end if another thread could have gone on, or could have ended its own sleep, for longer than
///   [`Direction::patience`] then.
/// - A tired thread comes after all others: it may only wait for them, in a loop.
///
/// With [`Direction::early_timeouts`], only the last rule holds.
#[derive(Debug)]
pub(super) struct Rules {
    early_timeouts: bool,
    /// When the first timeout is over, and the first sleep.
    timeout: Option<Duration>,
    sleep: Option<Duration>,
    /// A sleep that ends later than this must wait: a thread that could go on would be held for too long.
    latest: Option<Duration>,
    /// Whether a thread could do something else than end a sleep or a timeout.
    is_busy: bool,
    /// Whether the rules about time allow a thread to go on that is not tired.
    any_rested: bool,
}

impl Rules {
    pub(super) fn among(candidates: &[Candidate], direction: &Direction) -> Self {
        let first = |act: Act| {
            let its = candidates.iter().filter(move |candidate| candidate.act == act);
            its.map(|candidate| candidate.due).min()
        };
        let free_since = candidates.iter().filter_map(Candidate::free_since).min();
        let is_other = |one: &Candidate| !matches!(one.act, Act::TimeOut | Act::EndSleep);
        let rules = Self {
            early_timeouts: direction.early_timeouts,
            timeout: first(Act::TimeOut),
            sleep: first(Act::EndSleep),
            latest: free_since.map(|since| since.saturating_add(direction.patience)),
            is_busy: candidates.iter().any(is_other),
            any_rested: false,
        };
        let is_rested = |one: &Candidate| !one.is_tired && rules.is_in_time(one);
        Self { any_rested: candidates.iter().any(is_rested), ..rules }
    }

    /// Whether this one of the candidates may go on.
    pub(super) fn allow(&self, candidate: &Candidate) -> bool {
        self.is_in_time(candidate) && !(candidate.is_tired && self.any_rested)
    }

    fn is_in_time(&self, Candidate { act, due, .. }: &Candidate) -> bool {
        match act {
            _ if self.early_timeouts => true,
            Act::EndSleep => {
                self.timeout.is_none_or(|timeout| *due <= timeout)
                    && self.latest.is_none_or(|latest| *due <= latest)
            }
            Act::TimeOut => {
                !self.is_busy
                    && Some(*due) == self.timeout
                    && self.sleep.is_none_or(|sleep| *due < sleep)
            }
            _ => true,
        }
    }
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
        may_if(false, candidates)
    }

    fn may_if(early_timeouts: bool, candidates: &[Candidate]) -> Vec<bool> {
        let direction = Direction { patience: ms(12), early_timeouts, ..Direction::default() };
        let rules = Rules::among(candidates, &direction);
        candidates.iter().map(|candidate| rules.allow(candidate)).collect()
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
        assert_eq!(may_if(true, &[timeout(1), sleep(2)]), [true, true]);
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

    #[test]
    fn no_thread_waits_for_a_timer_because_it_is_tired() {
        let tired = Candidate { is_tired: true, ..candidate(Act::Print, 0, 0) };
        assert_eq!(may_if(true, &[tired, timeout(1)]), [false, true]);
        assert!(may_if(true, &[tired, Candidate::timer(ms(1))])[0]);
    }
}
