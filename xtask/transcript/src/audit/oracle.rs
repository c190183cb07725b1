//! Legality by brute force.

use rustc_hash::FxHashSet;

use crate::judge::{State, Table};
use crate::model::{Tally, Times, Transcript};

/// States that a plain check of legality may hold at once.
const MOST_STATES: usize = 20_000;

/// Judges an output by brute force, without any of the matcher's cleverness: all states after each line.
///
/// Out of budget it says no, so that the matcher must say no, too.
pub(crate) fn legal(transcript: &Transcript, lines: &[String]) -> bool {
    let mut tally = Tally::new(&transcript.rules);
    if lines.iter().any(|line| tally.line(&transcript.rules, line).is_err()) {
        return false;
    }
    let table = Table::new(transcript, lines.iter().map(String::as_str).collect(), false);
    let order = &transcript.order;
    let mut states = passed_over(&table, FxHashSet::from_iter([State::new(&table)]));
    for line in 0..lines.len() {
        let mut next = FxHashSet::default();
        for state in states {
            for event in order.next(&state.done).filter(|&event| order.enabled(event, &state.done))
            {
                for capture in table.captures(event, line) {
                    let mut state = state.clone();
                    if table.bind(event, capture, &mut state.bound) {
                        let repeats = transcript.events[event].times == Times::Many;
                        state.done[order.lane_of(event)] += u32::from(!repeats);
                        next.insert(state);
                    }
                }
            }
        }
        states = passed_over(&table, next);
        if states.len() > MOST_STATES {
            return false;
        }
    }
    states.iter().any(|state| {
        let number = |variable| table.number(&state.bound, variable);
        order.next(&state.done).next().is_none() && tally.end(&transcript.rules, number).is_ok()
    })
}

/// Adds the states reached by passing optional events over.
fn passed_over(table: &Table<'_>, mut states: FxHashSet<State>) -> FxHashSet<State> {
    let order = &table.transcript.order;
    let mut open: Vec<State> = states.iter().cloned().collect();
    while let Some(state) = open.pop() {
        let enabled = order.next(&state.done).filter(|&event| order.enabled(event, &state.done));
        for event in enabled.filter(|&event| !table.certain(event)) {
            let mut state = state.clone();
            state.done[order.lane_of(event)] += 1;
            if states.insert(state.clone()) {
                open.push(state);
            }
        }
    }
    states
}
