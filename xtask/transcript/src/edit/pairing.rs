//! Which line is the new wording of which event, if there is exactly one answer.
//!
//! 1. [`Candidates`] are the edges of a graph, with events on one side and lines on the other. A line that fits an
//!    event as it is has an edge to each event that it fits. Any other line has an edge to each event whose new wording
//!    it could be.
//! 2. A maximum [`Matching`] pairs them along these edges. If a line is left over, or an event that must occur, the
//!    pairing is not [`whole`](Pairing::whole). Then nothing is certain: any line could be what seems to be missing.
//! 3. The connected [`components`] of the graph do not depend on each other.
//! 4. The matching is one way to pair a component, and [`rewording`](Answers::rewording) says which events it rewords.
//!    If every other way rewords the same events in the same words, that is the answer for this component. Otherwise it
//!    has no answer: neither the order of the lines nor the number of equal words decides.

use std::collections::BTreeSet;

use super::candidates::Candidates;
use super::components::{Component, components};
use super::matching::Matching;
use super::wording::{Edits, Literals};
use crate::budget::{Budget, Exhausted};
use crate::judge::Table;

/// The outcome, with line numbers of the output from 0 and of the file from 1.
#[derive(Debug)]
pub(super) struct Pairing {
    /// Whether all lines and events can be paired.
    pub(super) whole: bool,
    /// The new literals of each reworded line of the file.
    pub(super) edits: Edits,
    /// The lines of the output that are such a new wording.
    pub(super) claims: Vec<Claim>,
    /// Lines for which there is no event, or no certain one.
    pub(super) lines: Vec<UnpairedLine>,
    /// Events that must occur, and for which there is no line, or no certain one.
    pub(super) events: Vec<usize>,
}

/// `line` of the output is the new wording of the line `source` of the file.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Claim {
    pub(super) line: usize,
    pub(super) source: usize,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct UnpairedLine {
    pub(super) line: usize,
    /// The lines of the file whose new wording it could be.
    pub(super) sources: BTreeSet<usize>,
    /// Whether there are too many such lines to list.
    pub(super) unclear: bool,
}

/// Pairs the lines of an output with the events of a transcript; only a `writable` line can be a new wording.
pub(super) fn pair(
    table: &Table<'_>,
    writable: impl Fn(&str) -> bool,
    budget: &Budget<'_>,
) -> Result<Pairing, Exhausted> {
    let candidates = Candidates::of(table, writable, budget)?;
    let matching = Matching::maximum(&candidates, budget)?;
    let answers = Answers { candidates: &candidates, matching: &matching, budget };
    let (events, lines) = (0..table.transcript.events.len(), 0..table.lines.len());
    let mut pairing = Pairing {
        whole: matching.covers(events, lines),
        edits: Edits::new(),
        claims: Vec::new(),
        lines: Vec::new(),
        events: Vec::new(),
    };
    for component in components(&candidates) {
        match answers.only_rewording(&component)? {
            Some(edits) => {
                pairing.claims.extend(answers.claims(&component, &edits));
                pairing.edits.extend(edits);
            }
            None => {
                pairing.lines.extend(answers.unpaired_lines(&component));
                pairing.events.extend(answers.unpaired_events(&component));
            }
        }
    }
    pairing.claims.sort_unstable();
    pairing.lines.sort_unstable();
    pairing.events.sort_unstable();
    Ok(pairing)
}

/// What the matching means for a component.
struct Answers<'t> {
    candidates: &'t Candidates<'t>,
    matching: &'t Matching<'t>,
    budget: &'t Budget<'t>,
}

impl Answers<'_> {
    /// The rewording of a component, if there is one that all ways to pair the component have in common.
    fn only_rewording(&self, component: &Component) -> Result<Option<Edits>, Exhausted> {
        if !self.is_paired(component) {
            return Ok(None);
        }
        let edits = self.rewording(component);
        let certain =
            !self.keeps_old_wording(component, &edits) && !self.has_rival(component, &edits)?;
        Ok(certain.then_some(edits))
    }

    fn is_paired(&self, component: &Component) -> bool {
        let is_clear = |line: &usize| !self.candidates.unclear.contains(line);
        self.matching.covers(component.events.iter().copied(), component.lines.iter().copied())
            && component.lines.iter().all(is_clear)
    }

    /// What the matching rewords in a component that is paired.
    fn rewording(&self, component: &Component) -> Edits {
        let mut edits = Edits::new();
        for (event, line) in self.pairs(component) {
            if let Some(found) = self.candidates.reworded[event].get(&line) {
                let source = self.candidates.source(event);
                edits.entry(source).or_insert_with(|| found[0].clone());
            }
        }
        edits
    }

    /// Whether an event is paired with a line that fits it as it is, although its line of the file is reworded: the
    /// turns of a loop disagree.
    fn keeps_old_wording(&self, component: &Component, edits: &Edits) -> bool {
        self.pairs(component).any(|(event, line)| {
            self.candidates.exact[event].contains(&line)
                && edits.contains_key(&self.candidates.source(event))
        })
    }

    /// Whether the component can be paired in another way, with other words for some event.
    fn has_rival(&self, component: &Component, edits: &Edits) -> Result<bool, Exhausted> {
        for &event in &component.events {
            let edit = edits.get(&self.candidates.source(event));
            let differs = |literals: &Literals| edit != Some(literals);
            for (&line, found) in &self.candidates.reworded[event] {
                if found.iter().any(differs)
                    && self.matching.could_pair(event, line, self.budget)?
                {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// The lines of the component whose event is reworded.
    fn claims(&self, component: &Component, edits: &Edits) -> impl Iterator<Item = Claim> {
        let claims = self
            .pairs(component)
            .map(|(event, line)| Claim { line, source: self.candidates.source(event) });
        claims.filter(|claim| edits.contains_key(&claim.source))
    }

    /// The lines of a component without an answer, without those that fit their event as they are.
    fn unpaired_lines(&self, component: &Component) -> impl Iterator<Item = UnpairedLine> {
        component.lines.iter().copied().filter(|&line| !self.fits(line)).map(|line| {
            let could_be = |event: &&usize| self.candidates.reworded[**event].contains_key(&line);
            let events = component.events.iter().filter(could_be);
            let sources = events.map(|&event| self.candidates.source(event)).collect();
            UnpairedLine { line, sources, unclear: self.candidates.unclear.contains(&line) }
        })
    }

    /// The events of a component without an answer, without those that are optional or have a line that fits as it is.
    fn unpaired_events(&self, component: &Component) -> impl Iterator<Item = usize> {
        component.events.iter().copied().filter(|&event| {
            let fits = self.matching.line_of(event).is_some_and(|line| self.fits(line));
            self.candidates.table.certain(event) && !fits
        })
    }

    /// Whether the line is paired with an event that it fits as it is.
    fn fits(&self, line: usize) -> bool {
        let event = self.matching.event_of(line);
        event.is_some_and(|event| self.candidates.exact[event].contains(&line))
    }

    /// Each line of the component with its event.
    fn pairs(&self, component: &Component) -> impl Iterator<Item = (usize, usize)> {
        component.lines.iter().filter_map(|&line| Some((self.matching.event_of(line)?, line)))
    }
}
