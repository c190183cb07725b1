//! A maximum matching: as many pairs of an event and a line as possible, each event and each line in one pair at most.
//!
//! The two are the sides of a bipartite graph, and an edge says that the line could be the event. The matching grows
//! pair by pair. A node without a partner follows an augmenting path: it takes a neighbour, the neighbour's old partner
//! takes another one, and so on, until a neighbour is free. Such a path adds one pair, and no node on it loses its
//! partner for good. Events that must occur begin, so none of them stays alone only because an optional one has its
//! line. An event that may occur any number of times takes any number of lines.

use std::collections::BTreeSet;

use super::candidates::Candidates;
use crate::budget::{Budget, Exhausted};
use crate::judge::Table;
use crate::model::Times;

/// What it costs to follow an edge of the graph, in steps of a budget.
const STEPS_PER_EDGE: usize = 2;

pub(super) struct Matching<'t> {
    table: &'t Table<'t>,
    /// For each event, the lines that it could be.
    edges: Vec<Vec<usize>>,
    line_of: Vec<Option<usize>>,
    event_of: Vec<Option<usize>>,
}

impl<'t> Matching<'t> {
    pub(super) fn maximum(
        candidates: &Candidates<'t>,
        budget: &Budget<'_>,
    ) -> Result<Self, Exhausted> {
        let table = candidates.table;
        let (events, lines) = (table.transcript.events.len(), table.lines.len());
        let edges: Vec<Vec<usize>> =
            (0..events).map(|event| candidates.lines(event).collect()).collect();
        let (mut line_of, mut event_of) = (vec![None; events], vec![None; lines]);

        let mut search = Search {
            edges: &edges,
            partners: &mut line_of,
            others: &mut event_of,
            takes_many: &|_line| false,
            budget,
        };
        for event in (0..events).filter(|&event| table.certain(event)) {
            search.augment(event, &mut BTreeSet::new())?;
        }
        let mut search = Search {
            edges: &reversed(&edges, lines),
            partners: &mut event_of,
            others: &mut line_of,
            takes_many: &|event| table.transcript.events[event].times == Times::Many,
            budget,
        };
        for line in 0..lines {
            if search.partners[line].is_none() {
                search.augment(line, &mut BTreeSet::new())?;
            }
        }
        Ok(Matching { table, edges, line_of, event_of })
    }

    pub(super) fn line_of(&self, event: usize) -> Option<usize> {
        self.line_of[event]
    }

    pub(super) fn event_of(&self, line: usize) -> Option<usize> {
        self.event_of[line]
    }

    /// Whether each of these lines has an event, and each of these events a line, if it must occur.
    pub(super) fn covers(
        &self,
        mut events: impl Iterator<Item = usize>,
        mut lines: impl Iterator<Item = usize>,
    ) -> bool {
        events.all(|event| self.line_of[event].is_some() || !self.table.certain(event))
            && lines.all(|line| self.event_of[line].is_some())
    }

    /// Whether any matching that covers as much has the edge between these two.
    pub(super) fn could_pair(
        &self,
        event: usize,
        line: usize,
        budget: &Budget<'_>,
    ) -> Result<bool, Exhausted> {
        let (Some(owner), Some(_)) = (self.event_of[line], self.line_of[event]) else {
            return Ok(true);
        };
        let ends = |other: usize| other == event || !self.table.certain(other);
        if ends(owner) || !self.table.certain(event) {
            return Ok(true);
        }
        // An alternating path: the owner of the line needs another line, whose owner needs another, and so on, up to
        // the line that `event` gives up, or to an event that can do without.
        let mut seen = BTreeSet::from([owner]);
        let mut open = vec![owner];
        while let Some(next) = open.pop() {
            for other in self.edges[next].iter().filter_map(|&line| self.event_of[line]) {
                budget.spend(STEPS_PER_EDGE)?;
                if ends(other) {
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

/// The same edges, seen from the lines.
fn reversed(edges: &[Vec<usize>], lines: usize) -> Vec<Vec<usize>> {
    let mut reversed = vec![Vec::new(); lines];
    for (event, lines) in edges.iter().enumerate() {
        lines.iter().for_each(|&line| reversed[line].push(event));
    }
    reversed
}

/// The search for augmenting paths that start on one side of the graph.
struct Search<'s> {
    /// For each node of this side, its neighbours on the other side.
    edges: &'s [Vec<usize>],
    partners: &'s mut [Option<usize>],
    /// The partners of the other side's nodes.
    others: &'s mut [Option<usize>],
    /// Whether a node of the other side is always free.
    takes_many: &'s dyn Fn(usize) -> bool,
    budget: &'s Budget<'s>,
}

impl Search<'_> {
    /// Gives `node` a partner if an augmenting path leads to a free one. Leaves out the neighbours `seen` in vain.
    fn augment(&mut self, node: usize, seen: &mut BTreeSet<usize>) -> Result<bool, Exhausted> {
        let edges = self.edges;
        for &neighbour in &edges[node] {
            self.budget.spend(STEPS_PER_EDGE)?;
            if !seen.insert(neighbour) {
                continue;
            }
            let rival = self.others[neighbour].filter(|_| !(self.takes_many)(neighbour));
            let is_free = match rival {
                Some(rival) => self.augment(rival, seen)?,
                None => true,
            };
            if is_free {
                self.partners[node] = Some(neighbour);
                self.others[neighbour] = Some(node);
                return Ok(true);
            }
        }
        Ok(false)
    }
}
