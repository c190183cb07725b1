//! Every order.
//!
//! A program with four independent tasks of two lines has 2,520 orders, but only 81 states: it does not matter in which
//! order it came to a state, only what can follow. So the policy draws a map: a graph whose nodes are states, and whose
//! edges are moves. Each run takes the shortest way to an edge that was never taken, and then goes on. When no such
//! edge is left, the graph is complete, and each path through it is an order of the program, whether or not a run has
//! taken this path.

use crate::choices::Choices;
use crate::explore::Policy;
use crate::graph::{EdgeId, Graph, START};
use crate::outputs::{self, Output};
use crate::past::Past;
use crate::run::{End, Trace};
use crate::view::View;
use crate::wanted::Wanted;

/// A policy that takes every move in every state once.
///
/// Without bounds it ends, if the program has a finite number of states.
#[derive(Debug)]
pub struct All {
    graph: Graph,
    /// The distances to a move that was never made, and to an end, when the graph was surveyed last.
    to_unknown: Vec<Option<usize>>,
    to_end: Vec<Option<usize>>,
    /// The edge that the run has taken last, and all its moves so far.
    at: EdgeId,
    past: Past,
    /// How many runs were ended from outside.
    stopped: usize,
}

const BEGINNING: EdgeId = EdgeId { node: START, edge: 0 };

impl Default for All {
    fn default() -> All {
        let (to_unknown, to_end) = (Vec::new(), Vec::new());
        let (graph, past) = (Graph::new(), Past::default());
        All { graph, to_unknown, to_end, at: BEGINNING, past, stopped: 0 }
    }
}

impl All {
    /// Whether the runs have shown every order. If not, [`All::outputs`] has only some of them.
    pub fn is_complete(&self) -> bool {
        let open = self.graph.distances_to_unknown()[START].is_some();
        !open && self.stopped == 0 && self.graph.surprises() == 0
    }

    /// The number of different states.
    pub fn states(&self) -> usize {
        self.graph.states()
    }

    /// How often a move has led to another place than before, though all moves before it were the same. If it ever did,
    /// the program decides something by itself, or is not at rest when it asks for a choice.
    pub fn surprises(&self) -> usize {
        self.graph.surprises()
    }

    /// The number of different outputs, if the answer needs at most `effort` steps.
    pub fn count(&self, effort: usize) -> Option<u128> {
        outputs::count(&self.graph, effort)
    }

    /// The different outputs, sorted, but at most `most` of them. An output's count is the number of paths that print
    /// it.
    pub fn outputs(&self, most: usize) -> Vec<Output> {
        outputs::list(&self.graph, most)
    }

    /// For each output, the choices of a run that prints it. None if no path through the states does. This works for
    /// more outputs than a list can hold.
    pub fn find(&self, wanted: &[Wanted]) -> Vec<Option<Choices>> {
        outputs::find(&self.graph, wanted)
    }

    fn survey(&mut self) {
        self.to_unknown = self.graph.distances_to_unknown();
        self.to_end = self.graph.distances_to_end();
    }

    /// How far a node is from a move that was never made, then from an end. A node that is newer than the survey is
    /// better than one without a way to such a move.
    fn distance(&self, node: usize) -> (usize, usize) {
        let newer = self.to_unknown.len();
        let ahead = |distances: &[Option<usize>]| distances[node].unwrap_or(newer) + 1;
        if node >= newer {
            return (newer, newer);
        }
        (ahead(&self.to_unknown), ahead(&self.to_end))
    }
}

impl Policy for All {
    fn begin(&mut self) -> bool {
        self.survey();
        (self.at, self.past) = (BEGINNING, Past::default());
        self.to_unknown[START].is_some()
    }

    fn choose(&mut self, view: &View<'_>) -> Option<usize> {
        let node = self.graph.reach(self.at, view, &self.past);
        if node >= self.to_unknown.len() && self.graph.successors(node).all(|to| to.is_some()) {
            // A new state, but the run has been here before, and has made each move. Only a survey shows a way out.
            self.survey();
        }
        // A move that was never made has no distance, which is less than any.
        let distance = |to: Option<usize>| to.map(|to| self.distance(to));
        let distances = self.graph.successors(node).map(distance).enumerate();
        let (edge, _) = distances.min_by_key(|(_, distance)| *distance)?;
        self.at = EdgeId { node, edge };
        self.past.add(&view.moves[edge]);
        Some(edge)
    }

    fn learn(&mut self, trace: &Trace) {
        self.stopped += usize::from(trace.conclusion.end == End::Stopped);
        self.graph.reach_end(self.at, trace.conclusion.end);
    }
}
