//! Every order.
//!
//! A program with four independent tasks of two lines has 2,520 orders, but only 81 states: it does not matter in which
//! order it came to a state, only what can follow. So the policy draws a map: a graph whose nodes are states, and whose
//! edges are moves. Each run takes the shortest way to an edge that was never taken, and then goes on. When no such edge
//! is left, the graph is complete, and each path through it is an order of the program, whether or not a run has taken
//! this path.

use crate::explore::Policy;
use crate::graph::{Graph, Place, START};
use crate::outputs::{self, Output};
use crate::run::{End, Trace};
use crate::view::View;

/// A policy that takes every move in every state once.
///
/// Without bounds it ends, if the program has a finite number of states.
#[derive(Debug)]
pub struct All {
    graph: Graph,
    /// See [`Graph::distances`]; from the beginning of the run.
    distances: Vec<Option<usize>>,
    /// The edge that the run has taken last.
    at: Place,
    /// How many runs were ended from outside.
    stopped: usize,
}

const BEGINNING: Place = Place { node: START, edge: 0 };

impl Default for All {
    fn default() -> All {
        All { graph: Graph::new(), distances: Vec::new(), at: BEGINNING, stopped: 0 }
    }
}

impl All {
    /// Whether the runs have shown every order. If not, [`All::outputs`] has only some of them.
    pub fn is_complete(&self) -> bool {
        let open = self.graph.distances()[START].is_some();
        !open && self.stopped == 0 && self.graph.surprises() == 0
    }

    /// The number of different states.
    pub fn states(&self) -> usize {
        self.graph.states()
    }

    /// How often the same move in the same state has led elsewhere than before. If it ever does, the program decides
    /// something by itself, or its signature of a state does not say enough.
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
}

impl Policy for All {
    fn begin(&mut self) -> bool {
        self.distances = self.graph.distances();
        self.at = BEGINNING;
        self.distances[START].is_some()
    }

    fn choose(&mut self, view: &View<'_>) -> Option<usize> {
        let node = self.graph.reach(self.at, view);
        // A node that this run has added is as good as any. One without a way to a new edge is the last resort: the run
        // goes on, so that it has an end.
        let unknown = self.distances.len();
        let distance = |lead: &usize| match self.distances.get(*lead) {
            Some(distance) => distance.map_or(unknown + 1, |distance| distance + 1),
            None => unknown,
        };
        let edges = self.graph.node(node).edges.iter().enumerate();
        let (edge, _) =
            edges.min_by_key(|(_, edge)| edge.leads.iter().map(distance).min().unwrap_or(0))?;
        self.at = Place { node, edge };
        Some(edge)
    }

    fn learn(&mut self, trace: &Trace) {
        self.stopped += usize::from(trace.conclusion.end == End::Stopped);
        self.graph.reach_end(self.at, trace.conclusion.end);
    }
}
