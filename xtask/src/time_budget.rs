//! Time that pieces of work share: what one of them does not need, others may use.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How many times its fair part of the common time a piece of work may take. Most need much less, and give the rest
/// back.
const GENEROSITY: u32 = 4;

/// The time that is left for the work that is left.
#[derive(Debug)]
pub(crate) struct TimeBudget(Mutex<Left>);

#[derive(Debug)]
struct Left {
    /// How many pieces of work have not taken their part yet.
    pieces: u32,
    /// What each of them has for itself. Half of the time is divided like this, so that the last piece gets some, too.
    own: Duration,
    /// What they have in common.
    common: Duration,
}

impl TimeBudget {
    /// `time` for this number of pieces of work.
    pub(crate) fn new(time: Duration, pieces: usize) -> Self {
        Self(Mutex::new(Left::new(time, pieces)))
    }

    /// Adds `time`. From now on, all that is left is for this number of other pieces of work.
    pub(crate) fn refill(&self, time: Duration, pieces: usize) {
        let mut left = self.left();
        let rest = left.common + left.own * left.pieces;
        *left = Left::new(rest + time, pieces);
    }

    /// Lets a piece of work take its time, which is at most this much, and takes back what it did not need.
    pub(crate) fn spend<T>(&self, most: Duration, work: impl FnOnce(Duration) -> T) -> T {
        let time = self.take(most);
        let start = Instant::now();
        let done = work(time);
        self.give_back(time.saturating_sub(start.elapsed()));
        done
    }

    /// Takes the time for one piece of work, which wants at most this much.
    fn take(&self, most: Duration) -> Duration {
        let mut left = self.left();
        if left.pieces == 0 {
            return Duration::ZERO;
        }
        let extra = (left.common / left.pieces * GENEROSITY).min(left.common);
        let taken = (left.own + extra).min(most);
        left.common = (left.common + left.own).saturating_sub(taken);
        left.pieces -= 1;
        taken
    }

    /// Gives back what a piece of work did not need.
    fn give_back(&self, rest: Duration) {
        self.left().common += rest;
    }

    fn left(&self) -> MutexGuard<'_, Left> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Left {
    fn new(time: Duration, pieces: usize) -> Self {
        let pieces = u32::try_from(pieces).unwrap_or(u32::MAX);
        let own = time / 2 / pieces.max(1);
        Self { pieces, own, common: time.saturating_sub(own * pieces) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn all_parts_together_are_no_more_than_the_whole() {
        let budget = TimeBudget::new(SECOND, 100);
        let taken: Vec<Duration> = (0..100).map(|_| budget.take(SECOND)).collect();
        assert_eq!(taken[0], SECOND / 200 + SECOND / 50);
        assert!(taken.iter().all(|part| *part >= SECOND / 200), "{taken:?}");
        assert!(taken.iter().sum::<Duration>() <= SECOND);
        assert_eq!(budget.take(SECOND), Duration::ZERO);
    }

    #[test]
    fn what_is_given_back_goes_to_others() {
        let budget = TimeBudget::new(SECOND, 10);
        for _ in 0..9 {
            let taken = budget.take(SECOND);
            budget.give_back(taken);
        }
        assert_eq!(budget.take(SECOND), SECOND, "the last one may have it all");
        let budget = TimeBudget::new(SECOND, 1);
        assert_eq!(budget.take(SECOND / 4), SECOND / 4, "no more than it wants");
        budget.refill(SECOND / 4, 2);
        assert_eq!(
            budget.spend(SECOND, |time| time),
            SECOND * 3 / 4,
            "its own part, and all that is common"
        );
        let left = budget.take(SECOND);
        assert!(left > SECOND / 2, "nearly nothing was spent, but only {left:?} is left");
    }
}
