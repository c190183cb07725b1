//! The outputs themselves: a state is the set of all places where a run with the same lines so far may be.
//!
//! If several events can print the same line, there are several such places, but the output counts once. An
//! unforeseeable value is a symbol: only where it is printed again matters.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::automaton::Automaton;
use crate::budget::{Budget, Exhausted};
use crate::model::{Kind, Member, Piece, Symmetry, Tally, Times, Transcript, is_symbol, symbol};

/// One place where a run may be.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Place {
    done: Vec<u32>,
    /// A value for each variable, or none yet; an unforeseeable value is a symbol.
    bound: Vec<Option<String>>,
}

/// All places where a run with the same lines so far may be, and what the rules remember of those lines.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct State {
    places: BTreeSet<Place>,
    tally: Tally,
}

/// What it costs to judge a line by a rule, in steps of a budget.
const STEPS_PER_LINE: usize = 200;

/// All legal outputs of a transcript.
pub(super) struct Outputs<'t> {
    transcript: &'t Transcript,
    symmetry: Symmetry,
    last_use: Vec<Vec<u32>>,
}

impl<'t> Outputs<'t> {
    pub(super) fn new(transcript: &'t Transcript) -> Self {
        Outputs { transcript, symmetry: Symmetry::new(transcript), last_use: transcript.last_use() }
    }

    fn next_events(&self, place: &Place) -> impl Iterator<Item = usize> {
        let order = &self.transcript.order;
        order.next(&place.done).filter(|&event| order.enabled(event, &place.done))
    }

    /// Adds the places that are reached by skipping optional events.
    fn close(
        &self,
        mut places: BTreeSet<Place>,
        budget: &Budget<'_>,
    ) -> Result<BTreeSet<Place>, Exhausted> {
        let mut open: Vec<Place> = places.iter().cloned().collect();
        while let Some(place) = open.pop() {
            for event in self
                .next_events(&place)
                .filter(|&event| self.transcript.events[event].times != Times::Once)
            {
                let mut place = place.clone();
                place.done[self.transcript.events[event].lane] += 1;
                budget.spend(self.cost())?;
                if places.insert(place.clone()) {
                    open.push(place);
                }
            }
        }
        Ok(places)
    }

    /// What a place costs, in steps of a budget: it is copied, sorted and renumbered.
    fn cost(&self) -> usize {
        let (lanes, variables) = (self.transcript.lanes.len(), self.transcript.variables.len());
        50 + 2 * lanes + 4 * variables + lanes * variables / 8
    }

    /// Each line that `event` can print at `place`, with the next place; symbols are free from number `free` on.
    fn print(&self, place: &Place, event: usize, free: usize) -> Vec<(String, Place)> {
        let mut next = place.clone();
        next.done[self.transcript.events[event].lane] += 1;
        let mut ways = vec![(String::new(), next, free)];
        for piece in &self.transcript.events[event].pattern {
            let extended = ways.into_iter().flat_map(|(text, place, free)| match piece {
                Piece::Text(literal) => vec![(text + literal, place, free)],
                Piece::Hole(variable) => self.print_hole(*variable, &text, &place, free),
            });
            ways = extended.collect();
        }
        ways.into_iter().map(|(text, place, _)| (text, place)).collect()
    }

    /// The ways to print a hole, each with the number of the next free symbol.
    fn print_hole(
        &self,
        variable: usize,
        text: &str,
        place: &Place,
        free: usize,
    ) -> Vec<(String, Place, usize)> {
        if let Some(value) = &place.bound[variable] {
            return vec![(format!("{text}{value}"), place.clone(), free)];
        }
        let with = |value: String, free: usize| {
            let mut place = place.clone();
            let text = format!("{text}{value}");
            place.bound[variable] = Some(value);
            (text, place, free)
        };
        match self.transcript.variables[variable].kind {
            Kind::Range(from, to) => {
                (from..=to).map(|value| with(value.to_string(), free)).collect()
            }
            _ => vec![with(symbol(free), free + 1)],
        }
    }

    /// Forgets values that no later line needs, and sorts lanes that could change places.
    fn canonical(&self, mut place: Place) -> Place {
        for (value, last_use) in place.bound.iter_mut().zip(&self.last_use) {
            if last_use.iter().zip(&place.done).all(|(last, done)| done >= last) {
                *value = None;
            }
        }
        for group in &self.symmetry.groups {
            let take = |member: &Member| {
                let own = member.own.iter().map(|&variable| place.bound[variable].clone());
                (place.done[member.lane], own.collect::<Vec<_>>())
            };
            let mut lanes: Vec<_> = group.iter().map(take).collect();
            lanes.sort();
            for (member, (done, own)) in group.iter().zip(lanes) {
                place.done[member.lane] = done;
                for (&variable, value) in member.own.iter().zip(own) {
                    place.bound[variable] = value;
                }
            }
        }
        place
    }

    /// All symbols that a state remembers, in ascending order.
    fn symbols(&self, state: &State) -> Vec<String> {
        let bound =
            state.places.iter().flat_map(|place| place.bound.iter().flatten()).map(String::as_str);
        let symbols: BTreeSet<&str> =
            bound.chain(state.tally.values()).filter(|value| is_symbol(value)).collect();
        symbols.into_iter().map(str::to_owned).collect()
    }

    /// The same state with symbols numbered in order of appearance: only which of them are the same matters.
    fn renumbered(&self, state: State) -> State {
        let symbols = self.symbols(&state);
        if symbols.is_empty() {
            return state;
        }
        let rename = |value: &str| match symbols.binary_search_by(|known| known.as_str().cmp(value))
        {
            Ok(number) => symbol(number),
            Err(_) => value.to_owned(),
        };
        let State { places, mut tally } = state;
        tally.rename(rename);
        let places = places.into_iter().map(|mut place| {
            for value in place.bound.iter_mut().flatten() {
                *value = rename(value);
            }
            self.canonical(place)
        });
        State { places: places.collect(), tally }
    }
}

impl Automaton for Outputs<'_> {
    type State = State;

    fn start(&mut self, budget: &Budget<'_>) -> Result<State, Exhausted> {
        let done = vec![0; self.transcript.lanes.len()];
        let start = Place { done, bound: vec![None; self.transcript.variables.len()] };
        let places = self.close(BTreeSet::from([start]), budget)?;
        Ok(State { places, tally: Tally::new(&self.transcript.rules) })
    }

    fn complete(&self, state: &State) -> bool {
        state.places.iter().any(|place| {
            let number = |variable: usize| place.bound[variable].as_ref()?.parse().ok();
            self.transcript.order.next(&place.done).next().is_none()
                && state.tally.end(&self.transcript.rules, number).is_ok()
        })
    }

    fn successors(
        &mut self,
        state: &State,
        budget: &Budget<'_>,
    ) -> Result<Vec<(State, u128)>, Exhausted> {
        // A state's symbols are numbered in order of appearance.
        let free = self.symbols(state).len();
        let mut lines: FxHashMap<String, BTreeSet<Place>> = FxHashMap::default();
        for place in &state.places {
            for event in self.next_events(place) {
                for (line, place) in self.print(place, event, free) {
                    budget.spend(self.cost())?;
                    lines.entry(line).or_default().insert(place);
                }
            }
        }
        let mut successors = Vec::new();
        for (line, places) in lines {
            let mut tally = state.tally.clone();
            budget.spend(STEPS_PER_LINE * self.transcript.rules.len())?;
            if tally.line(&self.transcript.rules, &line).is_ok() {
                let places = self.close(places, budget)?.into_iter();
                let places = places.map(|place| self.canonical(place)).collect();
                successors.push((self.renumbered(State { places, tally }), 1));
            }
        }
        Ok(successors)
    }
}
