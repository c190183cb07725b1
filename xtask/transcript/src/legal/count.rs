//! How many legal outputs there are.
//!
//! All beginnings of legal outputs are built line by line, side by side: a state stands for all those that can go on
//! in the same ways, and carries how many they are.

use std::fmt;
use std::hash::Hash;

use rustc_hash::FxHashMap;

use super::orders::Orders;
use super::outputs::Outputs;
use crate::model::{Times, Transcript};

/// The number of legal outputs: values nobody can foresee count once, a range once per value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// So many.
    Exactly(u128),
    /// The rules and the lines that look alike were too much to count: not more than this.
    AtMost(u128),
    /// More than `u128` holds.
    Overflow,
    /// A `*|` lane allows any number of lines.
    Unbounded,
    /// Even an upper bound was too much to count.
    Undecided,
}

impl fmt::Display for Count {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Count::Exactly(count) => write!(out, "{count}"),
            Count::AtMost(count) => write!(out, "at most {count}"),
            Count::Overflow => write!(out, "more than 10^38"),
            Count::Unbounded => write!(out, "unboundedly many"),
            Count::Undecided => write!(out, "uncounted"),
        }
    }
}

/// Stands for "more than `u128` holds" once reached.
const FULL: u128 = u128::MAX;

impl Transcript {
    /// Counts the legal outputs, as far as a budget of states allows.
    pub fn count(&self) -> Count {
        let has = |times: Times| self.events.iter().any(|event| event.times == times);
        if has(Times::Many) {
            return Count::Unbounded;
        }
        // Where each line tells its event and no rule forbids an order, orders are as many as outputs.
        let plain = !has(Times::Optional)
            && self.rules.is_empty()
            && self.ambiguous_pairs().next().is_none();
        let exact = if plain { sum(&Orders::new(self)) } else { sum(&Outputs::new(self)) };
        match exact {
            Some(FULL) => Count::Overflow,
            Some(number) => Count::Exactly(number),
            None if plain => Count::Undecided,
            None => match sum(&Orders::new(self)) {
                Some(FULL) | None => Count::Undecided,
                Some(number) => Count::AtMost(number),
            },
        }
    }
}

/// Something that goes from state to state, line by line.
pub(super) trait Automaton {
    type State: Eq + Hash;

    /// Steps from state to state that a count may take: about a second's work.
    const BUDGET: usize;

    fn start(&self) -> Self::State;

    /// Whether a run may end here.
    fn complete(&self, state: &Self::State) -> bool;

    /// Each state that one more line leads to, with the number of lines that do.
    fn successors(&self, state: &Self::State) -> Vec<(Self::State, u128)>;
}

/// The number of ways from the start to an end, or `None` out of budget.
fn sum<A: Automaton>(automaton: &A) -> Option<u128> {
    let mut layer = FxHashMap::from_iter([(automaton.start(), 1u128)]);
    let mut total = 0u128;
    let mut steps = 0;
    while !layer.is_empty() {
        let mut next: FxHashMap<A::State, u128> = FxHashMap::default();
        for (state, ways) in layer {
            if automaton.complete(&state) {
                total = total.saturating_add(ways);
            }
            let successors = automaton.successors(&state);
            steps += successors.len();
            if steps > A::BUDGET {
                return None;
            }
            for (state, lines) in successors {
                let sum = next.entry(state).or_default();
                *sum = sum.saturating_add(ways.saturating_mul(lines));
            }
        }
        layer = next;
    }
    Some(total)
}
