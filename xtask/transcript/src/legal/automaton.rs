//! Counting by steps from state to state.
//!
//! All beginnings of legal outputs are built at the same time, line by line. A state represents all beginnings that can
//! go on in the same ways, and carries their number.

use std::hash::Hash;

use rustc_hash::FxHashMap;

use crate::budget::{Budget, Exhausted};

/// A machine that goes from state to state, one line at a time.
pub(super) trait Automaton {
    type State: Eq + Hash;

    fn start(&mut self, budget: &Budget<'_>) -> Result<Self::State, Exhausted>;

    /// Whether a run may end here.
    fn complete(&self, state: &Self::State) -> bool;

    /// Each state that one more line leads to, with the number of lines that lead there.
    fn successors(
        &mut self,
        state: &Self::State,
        budget: &Budget<'_>,
    ) -> Result<Vec<(Self::State, u128)>, Exhausted>;
}

/// Means "more than `u128` holds" once reached.
pub(super) const FULL: u128 = u128::MAX;

/// The number of ways from the start to an end.
pub(super) fn sum<A: Automaton>(automaton: &mut A, budget: &Budget<'_>) -> Result<u128, Exhausted> {
    let mut layer = FxHashMap::from_iter([(automaton.start(budget)?, 1u128)]);
    let mut total = 0u128;
    while !layer.is_empty() {
        let mut next: FxHashMap<A::State, u128> = FxHashMap::default();
        for (state, ways) in layer {
            if automaton.complete(&state) {
                total = total.saturating_add(ways);
            }
            for (state, lines) in automaton.successors(&state, budget)? {
                let sum = next.entry(state).or_default();
                *sum = sum.saturating_add(ways.saturating_mul(lines));
            }
        }
        layer = next;
    }
    Ok(total)
}
