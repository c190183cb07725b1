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
    /// Counts the legal outputs, as far as about a second's work goes.
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

    /// Counts the legal outputs within a budget. Once it is spent there may be an upper bound, or no count.
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
        // Where each line tells its event, orders are as many as outputs.
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

    /// Rules and equal lines aside.
    fn at_most(&self, budget: &Budget<'_>) -> Count {
        match sum(&mut Orders::new(self), budget) {
            // That a bound is too large says nothing.
            Ok(FULL) | Err(_) => Count::Uncounted,
            Ok(number) => Count::AtMost(number),
        }
    }
}
