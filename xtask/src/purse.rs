//! Time that pieces of work share: what one of them does not need, others may use.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many times its fair part a piece of work may take. Most need much less, and give the rest back.
const GENEROSITY: u32 = 4;

/// The time that is left for the work that is left.
#[derive(Debug)]
pub(crate) struct Purse(Mutex<Left>);

#[derive(Debug)]
struct Left {
    time: Duration,
    /// How many pieces of work have not taken their part yet.
    pieces: u32,
}

impl Purse {
    /// `time` for so many pieces of work.
    pub(crate) fn new(time: Duration, pieces: usize) -> Self {
        Self(Mutex::new(Left { time, pieces: u32::try_from(pieces).unwrap_or(u32::MAX) }))
    }

    /// Takes the time for one piece of work, which wants at most this much.
    fn take(&self, most: Duration) -> Duration {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fair = left.time / left.pieces.max(1);
        let taken = (fair * GENEROSITY).min(left.time).min(most);
        left.pieces = left.pieces.saturating_sub(1);
        left.time -= taken;
        taken
    }

    /// From now on, what is left is for so many other pieces of work.
    pub(crate) fn share_anew(&self, pieces: usize) {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        left.pieces = u32::try_from(pieces).unwrap_or(u32::MAX);
    }

    /// Lets a piece of work take its time, which is at most this much, and takes back what it did not need.
    pub(crate) fn spend<T>(&self, most: Duration, work: impl FnOnce(Duration) -> T) -> T {
        let time = self.take(most);
        let start = Instant::now();
        let done = work(time);
        self.give_back(time.saturating_sub(start.elapsed()));
        done
    }

    /// Gives back what a piece of work did not need.
    fn give_back(&self, rest: Duration) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).time += rest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn all_parts_together_are_no_more_than_the_whole() {
        let purse = Purse::new(SECOND, 100);
        let taken: Vec<Duration> = (0..100).map(|_| purse.take(SECOND)).collect();
        assert_eq!(taken[0], SECOND / 25, "four times its fair part");
        assert!(taken.iter().all(|part| !part.is_zero()), "{taken:?}");
        assert!(taken.iter().sum::<Duration>() <= SECOND);
    }

    #[test]
    fn what_is_given_back_goes_to_others() {
        let purse = Purse::new(SECOND, 10);
        for _ in 0..9 {
            let taken = purse.take(SECOND);
            purse.give_back(taken);
        }
        assert_eq!(purse.take(SECOND), SECOND, "the last one may have it all");
        assert_eq!(purse.take(SECOND), Duration::ZERO);
        let purse = Purse::new(SECOND, 1);
        assert_eq!(purse.take(SECOND / 2), SECOND / 2, "no more than it wants");
        purse.share_anew(4);
        assert_eq!(purse.spend(SECOND, |time| time), SECOND / 2);
        let left = purse.take(SECOND);
        assert!(left > SECOND / 3, "nearly nothing was spent, but {left:?} is left");
    }
}
