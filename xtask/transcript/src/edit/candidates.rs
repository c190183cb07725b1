//! Which line could be which event, as it is or as the event's new wording.

use std::collections::{BTreeMap, BTreeSet};

use super::wording::{Literals, alike, wordings, words};
use crate::budget::{Budget, Exhausted};
use crate::judge::Table;
use crate::model::Times;

/// The most candidates that are listed: an output of many similar lines has more.
const MOST_CANDIDATES: usize = 50_000;

/// What it costs to compare a value with the known ones, and to find an event's holes in a line, in steps of a budget.
const STEPS_PER_VALUE: usize = 5;
const STEPS_PER_WORDING: usize = 30;

/// Events and lines, the two sides of a graph, and the edges between them.
pub(super) struct Candidates<'t> {
    pub(super) table: &'t Table<'t>,
    /// For each event, the lines that fit it as it is.
    pub(super) exact: Vec<BTreeSet<usize>>,
    /// For each event, the lines that could be its new wording, with the literals it would get.
    pub(super) reworded: Vec<BTreeMap<usize, Vec<Literals>>>,
    /// Lines that could be too many events to list.
    pub(super) unclear: BTreeSet<usize>,
    /// The value of each variable whose line is certain.
    known: Vec<Option<&'t str>>,
}

impl<'t> Candidates<'t> {
    /// Finds the candidates of all events and lines; only a `writable` line can be a new wording.
    pub(super) fn of(
        table: &'t Table<'t>,
        writable: impl Fn(&str) -> bool,
        budget: &Budget<'_>,
    ) -> Result<Self, Exhausted> {
        let (events, lines) = (table.transcript.events.len(), table.lines.len());
        budget.spend(events * lines)?;
        let fitting = |event: usize| {
            (0..lines).filter(|&line| !table.captures(event, line).is_empty()).collect()
        };
        let mut candidates = Candidates {
            table,
            exact: (0..events).map(fitting).collect(),
            reworded: vec![BTreeMap::new(); events],
            unclear: BTreeSet::new(),
            known: vec![None; table.transcript.variables.len()],
        };
        budget.spend(2 * candidates.exact.iter().map(BTreeSet::len).sum::<usize>())?;
        while candidates.learn(budget)? {}
        candidates.reword(writable, budget)?;
        candidates.agree();
        Ok(candidates)
    }

    /// Binds the values that are certain, and drops candidates that contradict them. Returns whether anything was
    /// learnt.
    fn learn(&mut self, budget: &Budget<'_>) -> Result<bool, Exhausted> {
        let mut rivals = vec![0; self.table.lines.len()];
        self.exact.iter().flatten().for_each(|&line| rivals[line] += 1);
        let mut learnt = false;
        for event in 0..self.exact.len() {
            let table = self.table;
            let alone = self.exact[event].iter().next().filter(|_| self.exact[event].len() == 1);
            let Some(&line) = alone.filter(|&&line| rivals[line] == 1) else { continue };
            let [capture] = table.captures(event, line) else { continue };
            for (&variable, &value) in table.holes(event).iter().zip(capture) {
                let fresh = table.transcript.variables[variable].fresh;
                if !fresh && self.known[variable].is_none() {
                    self.known[variable] = Some(table.values[value as usize]);
                    learnt = true;
                }
            }
        }
        for event in 0..self.exact.len() {
            let before = self.exact[event].len();
            budget.spend(1 + before * (1 + self.table.holes(event).len() * STEPS_PER_VALUE))?;
            let mut lines = std::mem::take(&mut self.exact[event]);
            lines.retain(|&line| self.possible(event, line));
            learnt |= lines.len() < before;
            self.exact[event] = lines;
        }
        Ok(learnt)
    }

    /// Whether the line can be read as the event so that it agrees with all known values.
    fn possible(&self, event: usize, line: usize) -> bool {
        let (table, known) = (self.table, &self.known);
        let agrees = |(&variable, &value): (&usize, &u32)| {
            let value = table.values[value as usize];
            known[variable].is_none_or(|known| known == value) && !self.taken(variable, value)
        };
        let mut captures = table.captures(event, line).iter();
        captures.any(|capture| table.holes(event).iter().zip(capture).all(agrees))
    }

    /// Whether another variable that must differ from this one is known to hold the value.
    fn taken(&self, variable: usize, value: &str) -> bool {
        let variables = &self.table.transcript.variables;
        let same_kind =
            |other: usize| other != variable && variables[other].kind == variables[variable].kind;
        variables[variable].kind.distinct()
            && (0..variables.len())
                .any(|other| self.known[other] == Some(value) && same_kind(other))
    }

    /// Adds the events whose new wording a line without an event could be.
    fn reword(
        &mut self,
        writable: impl Fn(&str) -> bool,
        budget: &Budget<'_>,
    ) -> Result<(), Exhausted> {
        let fitting: BTreeSet<usize> = self.exact.iter().flatten().copied().collect();
        let transcript = self.table.transcript;
        let free = |line: &usize| !fitting.contains(line) && writable(self.table.lines[*line]);
        let event_words: Vec<Vec<&str>> =
            transcript.events.iter().map(|event| words(&event.text)).collect();
        let mut candidates = 0;
        for line in (0..self.table.lines.len()).filter(free) {
            let text = self.table.lines[line];
            let line_words = words(text);
            for (index, event) in transcript.events.iter().enumerate() {
                budget.spend(1 + event_words[index].len() * line_words.len() / 4)?;
                if event.times == Times::Many || !alike(&event_words[index], &line_words) {
                    continue;
                }
                candidates += 1;
                if candidates > MOST_CANDIDATES {
                    self.unclear.insert(line);
                    break;
                }
                let value = |variable: usize| self.known[variable];
                let taken = |variable: usize, value: &str| self.taken(variable, value);
                let found = wordings(transcript, index, text, value, taken);
                budget.spend(STEPS_PER_WORDING * (1 + found.as_ref().map_or(0, Vec::len)))?;
                match found {
                    Some(found) if found.is_empty() => {}
                    Some(found) => drop(self.reworded[index].insert(line, found)),
                    None => drop(self.unclear.insert(line)),
                }
            }
        }
        Ok(())
    }

    /// The turns of a loop share one line of the file: keeps only a wording that fits all of them.
    fn agree(&mut self) {
        let events = &self.table.transcript.events;
        let mut common: BTreeMap<usize, BTreeSet<Literals>> = BTreeMap::new();
        for (event, lines) in self.reworded.iter().enumerate() {
            if events[event].times != Times::Once {
                continue;
            }
            let found: BTreeSet<Literals> = lines.values().flatten().cloned().collect();
            let known = common.entry(events[event].line).or_insert_with(|| found.clone());
            known.retain(|literals| found.contains(literals));
        }
        for (event, lines) in self.reworded.iter_mut().enumerate() {
            if let Some(common) = common.get(&events[event].line) {
                lines.values_mut().for_each(|found| {
                    found.retain(|literals| common.contains(literals));
                });
                lines.retain(|_, found| !found.is_empty());
            }
        }
    }

    /// The line of the file that an event comes from, from 1.
    pub(super) fn source(&self, event: usize) -> usize {
        self.table.transcript.events[event].line
    }

    /// All lines that could be the event.
    pub(super) fn lines(&self, event: usize) -> impl Iterator<Item = usize> {
        self.exact[event].iter().chain(self.reworded[event].keys()).copied()
    }
}
