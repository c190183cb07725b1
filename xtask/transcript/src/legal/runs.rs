//! Runs under rules, where each line belongs to one event only. A state is how many events of each lane have happened,
//! the values of ranges that are still needed, and what the rules remember.
//!
//! Tallies and lines are numbered, so that where a line leads from a tally is worked out once.

use rustc_hash::FxHashMap;

use super::automaton::Automaton;
use crate::budget::{Budget, Exhausted};
use crate::model::{Kind, Tally, Transcript, symbol};

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct State {
    done: Vec<u32>,
    /// For each range, its value, counted from 1; 0 if it has none yet, or is no longer needed.
    values: Vec<u32>,
    tally: u32,
}

/// An event, and the values of the ranges that it mentions.
type Line = (usize, Vec<u32>);

pub(super) struct Runs<'t> {
    transcript: &'t Transcript,
    /// The variables that are ranges, each with its first value and how many there are.
    ranges: Vec<(usize, i64, u32)>,
    /// For each event, the ranges that it mentions, as indices into `ranges`.
    mentions: Vec<Vec<usize>>,
    last_use: Vec<Vec<u32>>,
    tallies: Vec<Tally>,
    tally_numbers: FxHashMap<Tally, u32>,
    line_numbers: FxHashMap<Line, u32>,
    lines: Vec<String>,
    /// Where a line leads from a tally; none if a rule forbids it.
    after: FxHashMap<(u32, u32), Option<u32>>,
}

/// What it costs to find out where a line leads, in steps of a budget.
const STEPS_PER_LINE: usize = 200;

impl<'t> Runs<'t> {
    pub(super) fn new(transcript: &'t Transcript) -> Self {
        let variables = transcript.variables.iter().enumerate();
        let ranges: Vec<(usize, i64, u32)> = variables
            .filter_map(|(variable, known)| match known.kind {
                Kind::Range(from, to) => Some((variable, from, (to - from + 1) as u32)),
                _ => None,
            })
            .collect();
        let mentions = (0..transcript.events.len()).map(|event| {
            let mentioned: Vec<usize> = transcript.variables_of(event).collect();
            (0..ranges.len()).filter(|&range| mentioned.contains(&ranges[range].0)).collect()
        });
        Runs {
            transcript,
            mentions: mentions.collect(),
            ranges,
            last_use: transcript.last_use(),
            tallies: Vec::new(),
            tally_numbers: FxHashMap::default(),
            line_numbers: FxHashMap::default(),
            lines: Vec::new(),
            after: FxHashMap::default(),
        }
    }

    fn number_of(&mut self, mut tally: Tally) -> u32 {
        tally.forget_zeros(&self.transcript.rules);
        if let Some(&number) = self.tally_numbers.get(&tally) {
            return number;
        }
        let number = self.tallies.len() as u32;
        self.tally_numbers.insert(tally.clone(), number);
        self.tallies.push(tally);
        number
    }

    /// The number of the line that an event prints with these values of all ranges.
    fn line(&mut self, event: usize, values: &[u32]) -> u32 {
        let key: Line = (event, self.mentions[event].iter().map(|&range| values[range]).collect());
        if let Some(&number) = self.line_numbers.get(&key) {
            return number;
        }
        // Each unforeseeable value is a separate symbol.
        let mut texts: Vec<String> = (0..self.transcript.variables.len()).map(symbol).collect();
        for (&(variable, from, _), &value) in self.ranges.iter().zip(values) {
            texts[variable] = (from + i64::from(value) - 1).to_string();
        }
        let text = self.transcript.fill(event, |variable| Some(&texts[variable]));
        let number = self.lines.len() as u32;
        self.lines.push(text);
        self.line_numbers.insert(key, number);
        number
    }

    fn after(
        &mut self,
        tally: u32,
        line: u32,
        budget: &Budget<'_>,
    ) -> Result<Option<u32>, Exhausted> {
        if let Some(&after) = self.after.get(&(tally, line)) {
            return Ok(after);
        }
        budget.spend(STEPS_PER_LINE * self.transcript.rules.len())?;
        let mut next = self.tallies[tally as usize].clone();
        let text = &self.lines[line as usize];
        let legal = next.line(&self.transcript.rules, text).is_ok();
        let after = legal.then(|| self.number_of(next));
        self.after.insert((tally, line), after);
        Ok(after)
    }

    /// All ways to choose values for an event's ranges.
    fn choices(&self, event: usize, values: &[u32]) -> Vec<Vec<u32>> {
        let mut choices = vec![values.to_vec()];
        for &range in self.mentions[event].iter().filter(|&&range| values[range] == 0) {
            let with = |values: Vec<u32>| {
                (1..=self.ranges[range].2).map(move |value| {
                    let mut values = values.clone();
                    values[range] = value;
                    values
                })
            };
            choices = choices.into_iter().flat_map(with).collect();
        }
        choices
    }
}

impl Automaton for Runs<'_> {
    type State = State;

    fn start(&mut self, _: &Budget<'_>) -> Result<State, Exhausted> {
        let tally = self.number_of(Tally::new(&self.transcript.rules));
        let done = vec![0; self.transcript.lanes.len()];
        Ok(State { done, values: vec![0; self.ranges.len()], tally })
    }

    fn complete(&self, state: &State) -> bool {
        let number = |variable: usize| {
            let range = self.ranges.iter().position(|range| range.0 == variable)?;
            let value = state.values[range].checked_sub(1)?;
            (self.ranges[range].1 + i64::from(value)).to_string().parse().ok()
        };
        self.transcript.order.next(&state.done).next().is_none()
            && self.tallies[state.tally as usize].end(&self.transcript.rules, number).is_ok()
    }

    fn successors(
        &mut self,
        state: &State,
        budget: &Budget<'_>,
    ) -> Result<Vec<(State, u128)>, Exhausted> {
        let order = &self.transcript.order;
        let mut successors = Vec::new();
        budget.spend(5 * state.done.len())?;
        for event in order.next(&state.done).filter(|&event| order.enabled(event, &state.done)) {
            let mut done = state.done.clone();
            done[order.lane_of(event)] += 1;
            for mut values in self.choices(event, &state.values) {
                budget.spend(20 + done.len() / 4 + values.len())?;
                let line = self.line(event, &values);
                let Some(tally) = self.after(state.tally, line, budget)? else { continue };
                for (value, (variable, ..)) in values.iter_mut().zip(&self.ranges) {
                    let last_use = &self.last_use[*variable];
                    if *value > 0 && last_use.iter().zip(&done).all(|(last, done)| done >= last) {
                        *value = 0;
                    }
                }
                successors.push((State { done: done.clone(), values, tally }, 1));
            }
        }
        Ok(successors)
    }
}
