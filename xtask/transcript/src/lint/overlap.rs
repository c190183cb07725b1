//! Can two events print the same line?

use std::collections::HashSet;

use super::atoms::{Place, SAMPLE, atoms};
use crate::budget::{Budget, Exhausted};
use crate::model::{Kind, Piece, Times, Transcript};

/// What it costs to read one more character in one way, in steps of a budget.
const STEPS_PER_STATE: usize = 50;

/// Whether there is a line that fits both texts.
pub(crate) fn overlap(
    transcript: &Transcript,
    one: usize,
    other: usize,
    budget: &Budget<'_>,
) -> Result<bool, Exhausted> {
    budget.spend(1)?;
    let differ = differ(&transcript.events[one].pattern, &transcript.events[other].pattern);
    Ok(!differ && Overlap { transcript, one, other }.exists(budget)?)
}

/// Whether two texts begin or end differently: nearly all do.
fn differ(one: &[Piece], other: &[Piece]) -> bool {
    let ends = |one: Option<&Piece>, other: Option<&Piece>, same: fn(&str, &str) -> bool| {
        let (one, other) = (one.and_then(Piece::literal), other.and_then(Piece::literal));
        one.zip(other).is_some_and(|(one, other)| !same(one, other) && !same(other, one))
    };
    ends(one.first(), other.first(), |long, short| long.starts_with(short))
        || ends(one.last(), other.last(), |long, short| long.ends_with(short))
}

struct Overlap<'t> {
    transcript: &'t Transcript,
    one: usize,
    other: usize,
}

impl Overlap<'_> {
    fn exists(&self, budget: &Budget<'_>) -> Result<bool, Exhausted> {
        let (one, other) = (atoms(self.transcript, self.one), atoms(self.transcript, self.other));
        let mut seen = HashSet::new();
        // Each pair of places, with whether two holes began at the same character and still go on.
        let mut open = vec![(Place::start(), Place::start(), false)];
        while let Some(state) = open.pop() {
            if !seen.insert(state.clone()) {
                continue;
            }
            budget.spend(STEPS_PER_STATE)?;
            let (left, right, together) = state;
            if left.ends(&one) && right.ends(&other) {
                return Ok(true);
            }
            let holes = self.hole(self.one, &left).zip(self.hole(self.other, &right));
            let together =
                holes.is_some() && left.begun == right.begun && (together || !left.begun);
            let differ = holes.is_some_and(|(a, b)| together && self.must_differ(a, b));
            let chars = match left.literal(&one).or(right.literal(&other)) {
                Some(c) => vec![c],
                None => SAMPLE.chars().collect(),
            };
            for c in chars {
                for next in left.after(&one, c) {
                    for other_next in right.after(&other, c) {
                        let both_on = next.begun && other_next.begun;
                        let both_end = !next.begun && !other_next.begun;
                        if !(differ && both_end) {
                            open.push((next.clone(), other_next, together && both_on));
                        }
                    }
                }
            }
        }
        Ok(false)
    }

    /// The variable whose hole is at this place.
    fn hole(&self, event: usize, place: &Place) -> Option<usize> {
        match self.transcript.events[event].pattern.get(place.atom) {
            Some(Piece::Hole(variable)) => Some(*variable),
            _ => None,
        }
    }

    fn kind(&self, variable: usize) -> &Kind {
        &self.transcript.variables[variable].kind
    }

    /// Two pids that must differ, one of which is known before its line is printed.
    fn must_differ(&self, a: usize, b: usize) -> bool {
        // When both events can happen, everything that precedes either of them has happened.
        let order = &self.transcript.order;
        let earlier =
            |event: usize| order.precedes(event, self.one) || order.precedes(event, self.other);
        let certain = |event: usize| self.transcript.events[event].times == Times::Once;
        let known = |variable: usize| {
            let mentions =
                |event: usize| self.transcript.variables_of(event).any(|v| v == variable);
            (0..self.transcript.events.len())
                .any(|event| earlier(event) && certain(event) && mentions(event))
        };
        let same_kind = self.kind(a) == self.kind(b) && self.kind(a).distinct();
        a != b && same_kind && (known(a) || known(b))
    }
}
