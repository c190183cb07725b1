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

    /// An upper bound, which ignores rules and equal lines.
    fn at_most(&self, budget: &Budget<'_>) -> Count {
        match sum(&mut Orders::new(self), budget) {
            // An upper bound that overflows says nothing.
            Ok(FULL) | Err(_) => Count::Uncounted,
            Ok(number) => Count::AtMost(number),
        }
    }
}
