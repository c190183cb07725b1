//! Which line is the new wording of which event, if there is exactly one answer.
//!
//! Events and lines are the two sides of a graph. A line that fits an event as it is has an edge to each event that it
//! fits. Any other line has an edge to each event whose new wording it could be. If every way to pair the lines and
//! events of a connected part rewords the same events in the same words, that is the answer for this part. Otherwise
//! the part has no answer: neither the order of the lines nor the number of equal words decides. If any line or event
//! has no counterpart at all, no part has an answer, since any of its lines could be the new one.

use std::collections::{BTreeMap, BTreeSet};

use super::candidates::Candidates;
use super::wording::Literals;
use crate::budget::{Budget, Exhausted};
use crate::judge::Table;
use crate::model::Times;

/// What it costs to follow an edge of the graph, in steps of a budget.
const STEPS_PER_EDGE: usize = 2;

/// The outcome, with line numbers of the output from 0.
#[derive(Debug, Default)]
pub(super) struct Pairing {
    /// Whether all lines and events can be paired.
    pub(super) whole: bool,
    /// For each reworded line of the file, from 1, its new literals.
    pub(super) edits: BTreeMap<usize, Literals>,
    /// The lines that are reworded, each with the line of the file.
    pub(super) claims: Vec<(usize, usize)>,
    /// Lines without an event, each with the lines of the file whose new wording it could be.
    pub(super) lines: Vec<(usize, BTreeSet<usize>)>,
    /// Lines that could be too many events to list.
    pub(super) unclear: BTreeSet<usize>,
    /// Events that must occur but have no line.
    pub(super) events: Vec<usize>,
}

/// Pairs the lines of an output with the events of a transcript; only a `writable` line can be a new wording.
pub(super) fn pair(
    table: &Table<'_>,
    writable: impl Fn(&str) -> bool,
    budget: &Budget<'_>,
) -> Result<Pairing, Exhausted> {
    let candidates = Candidates::of(table, writable, budget)?;
    let mut events = vec![Vec::new(); table.lines.len()];
    for event in 0..table.transcript.events.len() {
        candidates.lines(event).for_each(|line| events[line].push(event));
    }
    let (event_of, line_of) = (vec![None; events.len()], vec![None; candidates.exact.len()]);
    let mut matching = Matching { candidates: &candidates, events, event_of, line_of, budget };
    matching.fill()?;
    matching.answer()
}

struct Matching<'t> {
    candidates: &'t Candidates<'t>,
    /// For each line, all events that it could be.
    events: Vec<Vec<usize>>,
    event_of: Vec<Option<usize>>,
    line_of: Vec<Option<usize>>,
    budget: &'t Budget<'t>,
}

impl Matching<'_> {
    /// Pairs as many as possible: first the events that must occur, then the remaining lines.
    fn fill(&mut self) -> Result<(), Exhausted> {
        for event in 0..self.candidates.exact.len() {
            if self.candidates.table.certain(event) {
                self.find_line(event, &mut BTreeSet::new())?;
            }
        }
        for line in 0..self.candidates.table.lines.len() {
            if self.event_of[line].is_none() {
                self.find_event(line, &mut BTreeSet::new())?;
            }
        }
        Ok(())
    }

    fn find_line(&mut self, event: usize, seen: &mut BTreeSet<usize>) -> Result<bool, Exhausted> {
        for line in self.candidates.lines(event).collect::<Vec<_>>() {
            self.budget.spend(STEPS_PER_EDGE)?;
            if !seen.insert(line) {
                continue;
            }
            let free = match self.event_of[line] {
                Some(other) => self.find_line(other, seen)?,
                None => true,
            };
            if free {
                self.event_of[line] = Some(event);
                self.line_of[event] = Some(line);
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn find_event(&mut self, line: usize, seen: &mut BTreeSet<usize>) -> Result<bool, Exhausted> {
        for event in self.events[line].clone() {
            self.budget.spend(STEPS_PER_EDGE)?;
            if !seen.insert(event) {
                continue;
            }
            let many = self.candidates.table.transcript.events[event].times == Times::Many;
            let free = match self.line_of[event].filter(|_| !many) {
                Some(other) => {
                    self.event_of[other] = None;
                    let moved = self.find_event(other, seen)?;
                    if !moved {
                        self.event_of[other] = Some(event);
                    }
                    moved
                }
                None => true,
            };
            if free {
                self.event_of[line] = Some(event);
                self.line_of[event] = Some(line);
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The connected parts, as events and lines. Events that come from one line of the file are connected if they can
    /// be reworded.
    fn parts(&self) -> Vec<(Vec<usize>, Vec<usize>)> {
        let events = self.candidates.exact.len();
        let mut root: Vec<usize> = (0..events + self.candidates.table.lines.len()).collect();
        fn find(root: &mut [usize], mut node: usize) -> usize {
            while root[node] != node {
                root[node] = root[root[node]];
                node = root[node];
            }
            node
        }
        let mut join = |one: usize, other: usize| {
            let (one, other) = (find(&mut root, one), find(&mut root, other));
            root[one] = other;
        };
        let mut first_of: BTreeMap<usize, usize> = BTreeMap::new();
        for event in 0..events {
            self.candidates.lines(event).for_each(|line| join(event, events + line));
            if !self.candidates.reworded[event].is_empty() {
                let source = self.candidates.source(event);
                join(event, *first_of.entry(source).or_insert(event));
            }
        }
        let mut parts: BTreeMap<usize, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for node in 0..root.len() {
            let part = parts.entry(find(&mut root, node)).or_default();
            if node < events { part.0.push(node) } else { part.1.push(node - events) }
        }
        parts.into_values().collect()
    }

    fn whole(&self) -> bool {
        let events = 0..self.line_of.len();
        self.event_of.iter().all(Option::is_some)
            && events
                .into_iter()
                .all(|event| self.line_of[event].is_some() || !self.candidates.table.certain(event))
    }

    fn answer(&self) -> Result<Pairing, Exhausted> {
        let mut pairing = Pairing {
            whole: self.whole(),
            unclear: self.candidates.unclear.clone(),
            ..Pairing::default()
        };
        for (events, lines) in self.parts() {
            let edits = self.only_edits(&events, &lines)?;
            let fits = |line: usize| {
                self.event_of[line]
                    .is_some_and(|event| self.candidates.exact[event].contains(&line))
            };
            let told = |line: usize| edits.is_some() && self.event_of[line].is_some() || fits(line);
            for &line in lines.iter().filter(|&&line| !told(line)) {
                let could = events
                    .iter()
                    .filter(|&&event| self.candidates.reworded[event].contains_key(&line));
                let sources = could.map(|&event| self.candidates.source(event));
                pairing.lines.push((line, sources.collect()));
            }
            let told = |event: usize| self.line_of[event].is_some_and(told);
            let silent = |&event: &usize| self.candidates.table.certain(event) && !told(event);
            pairing.events.extend(events.iter().copied().filter(silent));
            if let Some(edits) = edits {
                let claim = |&line: &usize| {
                    let source = self.candidates.table.transcript.events[self.event_of[line]?].line;
                    edits.contains_key(&source).then_some((line, source))
                };
                pairing.claims.extend(lines.iter().filter_map(claim));
                pairing.edits.extend(edits);
            }
        }
        pairing.claims.sort_unstable();
        pairing.lines.sort_unstable();
        pairing.events.sort_unstable();
        Ok(pairing)
    }

    /// The new literals of the lines of the file in this part, if there is one answer.
    fn only_edits(
        &self,
        events: &[usize],
        lines: &[usize],
    ) -> Result<Option<BTreeMap<usize, Literals>>, Exhausted> {
        let source = |event: usize| self.candidates.source(event);
        let all = events
            .iter()
            .all(|&event| self.line_of[event].is_some() || !self.candidates.table.certain(event))
            && lines.iter().all(|&line| {
                self.event_of[line].is_some() && !self.candidates.unclear.contains(&line)
            });
        if !all {
            return Ok(None);
        }
        let mut edits: BTreeMap<usize, Literals> = BTreeMap::new();
        for &line in lines {
            let event = self.event_of[line].expect("all lines are paired");
            if let Some(found) = self.candidates.reworded[event].get(&line) {
                edits.entry(source(event)).or_insert_with(|| found[0].clone());
            }
        }
        // A turn of a loop that kept its wording disagrees with a turn that changed.
        let kept = |&line: &usize| {
            let event = self.event_of[line].expect("all lines are paired");
            self.candidates.exact[event].contains(&line) && edits.contains_key(&source(event))
        };
        if lines.iter().any(kept) {
            return Ok(None);
        }
        for &event in events {
            for (&line, found) in &self.candidates.reworded[event] {
                let differs = |literals: &Literals| edits.get(&source(event)) != Some(literals);
                if found.iter().any(differs) && self.exchangeable(event, line)? {
                    return Ok(None);
                }
            }
        }
        Ok(Some(edits))
    }

    /// Whether all can be paired so that `line` belongs to `event`.
    fn exchangeable(&self, event: usize, line: usize) -> Result<bool, Exhausted> {
        let (Some(owner), Some(_)) = (self.event_of[line], self.line_of[event]) else {
            return Ok(true);
        };
        if owner == event
            || !self.candidates.table.certain(event)
            || !self.candidates.table.certain(owner)
        {
            return Ok(true);
        }
        // The event that owns the line needs another one, whose owner needs another, and so on to the line of `event`.
        let mut seen = BTreeSet::from([owner]);
        let mut open = vec![owner];
        while let Some(next) = open.pop() {
            for other in self.candidates.lines(next).filter_map(|line| self.event_of[line]) {
                self.budget.spend(STEPS_PER_EDGE)?;
                if other == event || !self.candidates.table.certain(other) {
                    return Ok(true);
                }
                if seen.insert(other) {
                    open.push(other);
                }
            }
        }
        Ok(false)
    }
}
