//! How to count the legal outputs of a transcript.

use super::automaton::{FULL, sum};
use super::count::Count;
use super::orders::Orders;
use super::outputs::Outputs;
use super::runs::Runs;
use super::unforeseen::unforeseen;
use crate::budget::Budget;
use crate::model::{Times, Transcript};

/// The share of a budget that is kept for an upper bound.
const BOUND: u64 = 4;

impl Transcript {
    /// Counts the legal outputs, with a budget of about a second's work.
    ///
    /// ```
    /// use transcript::{Count, Transcript};
    ///
    /// let transcript = Transcript::parse("demo.txt", "a | left\nb | right\n")?;
    /// assert_eq!(transcript.count(), Count::Exactly(2));
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn count(&self) -> Count {
        self.count_within(&Budget::default())
    }

    /// Counts the legal outputs within a budget. If the budget is spent, the result is an upper bound, or unknown.
    ///
    /// ```
    /// use transcript::{Budget, Count, Transcript};
    ///
    /// let transcript = Transcript::parse("demo.txt", "a | left\nb | right\n")?;
    /// assert_eq!(transcript.count_within(&Budget::default()), Count::Exactly(2));
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn count_within(&self, budget: &Budget<'_>) -> Count {
        let has = |times: Times| self.events.iter().any(|event| event.times == times);
        if has(Times::Many) {
            return Count::Unbounded;
        }
        // If each line belongs to one event only, there are as many outputs as orders.
        let ambiguous = match has(Times::Optional) {
            true => Some(Ok(())),
            false => self.ambiguous_pairs(budget).next().map(|pair| pair.map(drop)),
        };
        let telling = match ambiguous {
            Some(Err(_)) => return Count::Uncounted,
            Some(Ok(())) => false,
            None => true,
        };
        let exact = match (telling, self.rules.is_empty()) {
            (true, true) => sum(&mut Orders::new(self), budget),
            _ if unforeseen(self) => return self.at_most(budget),
            (true, false) => sum(&mut Runs::new(self), budget),
            (false, _) => sum(&mut Outputs::new(self), budget),
        };
        match exact {
            Ok(FULL) => Count::Overflow,
            Ok(number) => Count::Exactly(number),
            Err(_) if telling && self.rules.is_empty() => Count::Uncounted,
            Err(_) => budget.part(BOUND, |budget| self.at_most(budget)),
        }
    }

    /// Counts the legal outputs that begin with lines of these lanes, in this order: how many can still come.
    ///
    /// The lanes of an output's beginning are in [`Rejected::lanes`](crate::Rejected::lanes). The count is an upper
    /// bound if there are rules, or if several events can print the same line: then a lane says too little about what
    /// has happened. It is unknown if a line is optional.
    ///
    /// ```
    /// use transcript::{Budget, Count, Transcript};
    ///
    /// let transcript = Transcript::parse("demo.txt", "a | one\na | two\nb | three\n")?;
    /// let budget = Budget::default();
    /// assert_eq!(transcript.count(), Count::Exactly(3));
    /// assert_eq!(transcript.count_after(&[0], &budget), Count::Exactly(2));
    /// assert_eq!(transcript.count_after(&[1], &budget), Count::Exactly(1));
    /// // The lane `b` has one line.
    /// assert_eq!(transcript.count_after(&[1, 1], &budget), Count::Exactly(0));
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn count_after(&self, lanes: &[usize], budget: &Budget<'_>) -> Count {
        let has = |times: Times| self.events.iter().any(|event| event.times == times);
        if has(Times::Many) {
            return Count::Unbounded;
        }
        if has(Times::Optional) {
            return Count::Uncounted;
        }
        let mut done = vec![0; self.lanes.len()];
        for &lane in lanes {
            let event = self.order.next(&done).find(|&event| self.order.lane_of(event) == lane);
            if event.is_none_or(|event| !self.order.enabled(event, &done)) {
                return Count::Exactly(0);
            }
            done[lane] += 1;
        }
        let is_exact = self.rules.is_empty() && self.ambiguous_pairs(budget).next().is_none();
        match sum(&mut Orders::after(self, done), budget) {
            Ok(FULL) if is_exact => Count::Overflow,
            Ok(FULL) | Err(_) => Count::Uncounted,
            Ok(number) if is_exact => Count::Exactly(number),
            Ok(number) => Count::AtMost(number),
        }
    }

    /// An upper bound, which ignores rules and equal lines.
    fn at_most(&self, budget: &Budget<'_>) -> Count {
        match sum(&mut Orders::new(self), budget) {
            // An upper bound that overflows says nothing.
            Ok(FULL) | Err(_) => Count::Uncounted,
            Ok(number) => Count::AtMost(number),
        }
    }
}
