//! How many legal outputs there are.
//!
//! All legal outputs are built line by line, side by side: a state stands for all beginnings that can go on in the
//! same ways, and carries how many there are. Where several events can print the same line, a state holds all
//! the places where the run may be, so that outputs are counted and not the ways to make them.

use std::collections::BTreeSet;
use std::fmt;

use rustc_hash::FxHashMap;

use crate::model::{FIRST_SYMBOL, Kind, Piece, Transcript, is_symbol};
use crate::rule::{Rule, Tally};
use crate::symmetry::Symmetry;
use crate::syntax::Times;

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

/// States that a count may visit.
const BUDGET: usize = 400_000;

/// Stands for "more than `u128` holds" once reached.
const FULL: u128 = u128::MAX;

impl Transcript {
    /// Counts the legal outputs, as far as a budget of states allows.
    pub fn count(&self) -> Count {
        if self.events.iter().any(|event| event.times == Times::Many) {
            return Count::Unbounded;
        }
        let optional = self
            .events
            .iter()
            .any(|event| event.times == Times::Optional);
        let exact = optional || !self.rules.is_empty() || self.ambiguous_pairs().next().is_some();
        match (count(self, exact), exact) {
            (Some(FULL), _) => Count::Overflow,
            (Some(number), _) => Count::Exactly(number),
            (None, false) => Count::Undecided,
            (None, true) => match count(self, false) {
                Some(FULL) | None => Count::Undecided,
                Some(number) => Count::AtMost(number),
            },
        }
    }
}

/// One place where a run may be.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Place {
    done: Vec<u32>,
    /// Empty where no text depends on it; otherwise a value for each variable, or none yet.
    bound: Vec<Option<String>>,
}

/// All places where a run with the same lines so far may be, and what the rules remember of those lines.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct State {
    places: BTreeSet<Place>,
    tally: Tally,
}

/// `exact` folds the rules in and counts outputs; otherwise ways are counted, and no text is looked at.
fn count(transcript: &Transcript, exact: bool) -> Option<u128> {
    let rules: &[Rule] = if exact { &transcript.rules } else { &[] };
    let language = Language {
        transcript,
        rules,
        exact,
        symmetry: Symmetry::new(transcript),
    };
    let start = Place {
        done: vec![0; transcript.lanes.len()],
        bound: vec![None; if exact { transcript.variables.len() } else { 0 }],
    };
    let start = language.close(BTreeSet::from([start]));
    let mut layer = FxHashMap::from_iter([(
        State {
            places: start,
            tally: Tally::new(rules),
        },
        1u128,
    )]);
    let mut total = 0u128;
    let mut visited = 0;
    while !layer.is_empty() {
        visited += layer.values().len();
        if visited > BUDGET {
            return None;
        }
        let mut next: FxHashMap<State, u128> = FxHashMap::default();
        for (state, ways) in layer {
            if language.complete(&state) {
                total = total.saturating_add(ways);
            }
            for (state, factor) in language.successors(&state) {
                let sum = next.entry(state).or_default();
                *sum = sum.saturating_add(ways.saturating_mul(factor));
            }
        }
        layer = next;
    }
    Some(total)
}

struct Language<'t> {
    transcript: &'t Transcript,
    rules: &'t [Rule],
    exact: bool,
    symmetry: Symmetry,
}

impl Language<'_> {
    fn next_events<'s>(&'s self, place: &'s Place) -> impl Iterator<Item = usize> + 's {
        let order = &self.transcript.order;
        let next = order
            .lanes
            .iter()
            .zip(&place.done)
            .filter_map(|(lane, &done)| lane.get(done as usize).copied());
        next.filter(|&event| order.enabled(event, &place.done))
    }

    /// Adds the places reached by passing optional events over.
    fn close(&self, mut places: BTreeSet<Place>) -> BTreeSet<Place> {
        let mut open: Vec<Place> = places.iter().cloned().collect();
        while let Some(place) = open.pop() {
            for event in self
                .next_events(&place)
                .filter(|&event| self.transcript.events[event].times != Times::Once)
            {
                let mut place = place.clone();
                place.done[self.transcript.events[event].lane] += 1;
                if places.insert(place.clone()) {
                    open.push(place);
                }
            }
        }
        places
    }

    fn complete(&self, state: &State) -> bool {
        let ended = |place: &&Place| {
            place
                .done
                .iter()
                .zip(&self.transcript.order.lanes)
                .all(|(d, lane)| *d as usize == lane.len())
        };
        state.places.iter().filter(ended).any(|place| {
            let number = |variable: usize| place.bound[variable].as_ref()?.parse().ok();
            state.tally.end(self.rules, number).is_ok()
        })
    }

    /// Each state that one more line leads to, with the number of lines that do.
    fn successors(&self, state: &State) -> Vec<(State, u128)> {
        if !self.exact {
            return state
                .places
                .iter()
                .flat_map(|place| self.plain_successors(place, &state.tally))
                .collect();
        }
        let symbol = self
            .symbols(state)
            .last()
            .map_or(FIRST_SYMBOL, |&last| last as u32 + 1);
        let mut lines: FxHashMap<String, BTreeSet<Place>> = FxHashMap::default();
        for place in &state.places {
            for event in self.next_events(place) {
                for (line, place) in self.print(place, event, symbol) {
                    lines.entry(line).or_default().insert(place);
                }
            }
        }
        let successor = |(line, places): (String, BTreeSet<Place>)| {
            let mut tally = state.tally.clone();
            tally.line(self.rules, &line).ok()?;
            let places = self
                .close(places)
                .into_iter()
                .map(|place| self.canonical(place))
                .collect();
            Some((self.renumbered(State { places, tally }), 1))
        };
        lines.into_iter().filter_map(successor).collect()
    }

    fn plain_successors(&self, place: &Place, tally: &Tally) -> Vec<(State, u128)> {
        let successor = |event: usize| {
            let mut done = place.done.clone();
            done[self.transcript.events[event].lane] += 1;
            let places = self.close(BTreeSet::from([Place {
                done,
                bound: Vec::new(),
            }]));
            (
                State {
                    places,
                    tally: tally.clone(),
                },
                self.choices(place, event),
            )
        };
        self.next_events(place).map(successor).collect()
    }

    /// The number of values for the ranges that an event binds first: no event that must come before mentions them.
    fn choices(&self, place: &Place, event: usize) -> u128 {
        let order = &self.transcript.order;
        let mut seen = Vec::new();
        let mut choices = 1u128;
        for variable in self.transcript.variables_of(event) {
            let Kind::Range(from, to) = self.transcript.variables[variable].kind else {
                continue;
            };
            let mentioned = order
                .lanes
                .iter()
                .zip(&place.done)
                .flat_map(|(lane, &done)| &lane[..done as usize]);
            let bound = mentioned
                .into_iter()
                .any(|&other| self.transcript.variables_of(other).any(|v| v == variable));
            if !bound && !seen.contains(&variable) {
                seen.push(variable);
                choices = choices.saturating_mul((to - from + 1) as u128);
            }
        }
        choices
    }

    /// Each line that `event` can print at `place`, with where that leads.
    fn print(&self, place: &Place, event: usize, symbol: u32) -> Vec<(String, Place)> {
        let mut next = place.clone();
        next.done[self.transcript.events[event].lane] += 1;
        let mut ways = vec![(String::new(), next, symbol)];
        for piece in &self.transcript.events[event].pattern {
            let extended = ways
                .into_iter()
                .flat_map(|(text, place, symbol)| match piece {
                    Piece::Text(literal) => vec![(text + literal, place, symbol)],
                    Piece::Hole(variable) => self.print_hole(*variable, &text, &place, symbol),
                });
            ways = extended.collect();
        }
        ways.into_iter()
            .map(|(text, place, _)| (text, place))
            .collect()
    }

    fn print_hole(
        &self,
        variable: usize,
        text: &str,
        place: &Place,
        symbol: u32,
    ) -> Vec<(String, Place, u32)> {
        if let Some(value) = &place.bound[variable] {
            return vec![(format!("{text}{value}"), place.clone(), symbol)];
        }
        let with = |value: String, symbol: u32| {
            let mut place = place.clone();
            let text = format!("{text}{value}");
            place.bound[variable] = Some(value);
            (text, place, symbol)
        };
        match self.transcript.variables[variable].kind {
            Kind::Range(from, to) => (from..=to)
                .map(|value| with(value.to_string(), symbol))
                .collect(),
            _ => {
                let value =
                    char::from_u32(symbol).expect("fewer symbols than private-use characters");
                vec![with(value.to_string(), symbol + 1)]
            }
        }
    }

    /// Forgets values that no later line needs, and sorts lanes that could change places.
    fn canonical(&self, mut place: Place) -> Place {
        for variable in 0..place.bound.len() {
            let later = |(lane, &done): (&Vec<usize>, &u32)| {
                lane[done as usize..]
                    .iter()
                    .any(|&event| self.transcript.variables_of(event).any(|v| v == variable))
            };
            let ruled = self
                .rules
                .iter()
                .any(|rule| rule.variables().any(|v| v == variable));
            if !ruled
                && !self
                    .transcript
                    .order
                    .lanes
                    .iter()
                    .zip(&place.done)
                    .any(later)
            {
                place.bound[variable] = None;
            }
        }
        for group in &self.symmetry.groups {
            let take = |member: &crate::symmetry::Member| {
                let own = member
                    .own
                    .iter()
                    .map(|&variable| place.bound[variable].clone());
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
    fn symbols(&self, state: &State) -> Vec<char> {
        let bound = state
            .places
            .iter()
            .flat_map(|place| place.bound.iter().flatten())
            .map(String::as_str);
        let symbols = bound
            .chain(state.tally.values())
            .flat_map(str::chars)
            .filter(|&c| is_symbol(c));
        let symbols: BTreeSet<char> = symbols.collect();
        symbols.into_iter().collect()
    }

    /// The same with symbols numbered from the first: which they are does not matter, only which are the same.
    fn renumbered(&self, state: State) -> State {
        let symbols = self.symbols(&state);
        let rename = |value: &str| {
            let renamed = value.chars().map(|c| match symbols.binary_search(&c) {
                Ok(index) => {
                    char::from_u32(FIRST_SYMBOL + index as u32).expect("as many as before")
                }
                Err(_) => c,
            });
            renamed.collect::<String>()
        };
        let State { places, mut tally } = state;
        tally.rename(rename);
        let places = places.into_iter().map(|mut place| {
            for value in place.bound.iter_mut().flatten() {
                *value = rename(value);
            }
            self.canonical(place)
        });
        State {
            places: places.collect(),
            tally,
        }
    }
}
