//! The states of a program, and the moves between them, as runs have shown them.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use crate::past::{Depth, Past};
use crate::run::End;
use crate::view::{Move, View};

/// A graph that grows with each run. Runs that reach the same state meet there, and share what follows.
///
/// A signature may say too little: it cannot see which message is in a pipe. Then the same move leads from the same
/// node to different places. So the node was several states, and it is *split*: from then on, runs meet there only if
/// they have made the same moves, in whatever order. If this is not enough, the order of the moves that do not print
/// must be the same too, and at last the order of all moves. If a move still leads to different places, the program
/// itself decides.
#[derive(Debug)]
pub(crate) struct Graph {
    nodes: Vec<Node>,
    numbers: FxHashMap<State, usize>,
    /// How much of the past tells apart what looks like one point.
    depths: FxHashMap<Point, Depth>,
    ends: Vec<(End, usize)>,
    surprises: usize,
}

/// A point as it looks: the signature and the moves. Signatures alone may be equal by chance.
type Point = (u64, Vec<Move>);

/// A point, and as much of the past as tells it apart from others that look like it.
type State = (Point, u64);

/// A state, or an end.
#[derive(Debug, Default)]
pub(crate) struct Node {
    /// None for an end, for the start, and for a node that was split.
    state: Option<State>,
    pub(crate) edges: Vec<Edge>,
    pub(crate) end: Option<End>,
}

/// A move.
#[derive(Debug)]
pub(crate) struct Edge {
    /// The lines that it prints.
    pub(crate) prints: Vec<String>,
    /// The node that it leads to, once it was made.
    pub(crate) to: Option<usize>,
}

/// An edge of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EdgeId {
    pub(crate) node: usize,
    pub(crate) edge: usize,
}

/// The node before the first point. Its only edge leads there.
pub(crate) const START: usize = 0;

impl Graph {
    pub(crate) fn new() -> Graph {
        let edges = vec![Edge { prints: Vec::new(), to: None }];
        let nodes = vec![Node { edges, ..Node::default() }];
        let (numbers, depths) = (FxHashMap::default(), FxHashMap::default());
        Graph { nodes, numbers, depths, ends: Vec::new(), surprises: 0 }
    }

    /// For each edge of a node, the node that it leads to, if the move was ever made.
    pub(crate) fn successors(&self, node: usize) -> impl Iterator<Item = Option<usize>> {
        self.nodes[node].edges.iter().map(|edge| edge.to)
    }

    pub(crate) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The number of states that were reached.
    pub(crate) fn states(&self) -> usize {
        self.numbers.len()
    }

    /// How often a move has led to another place than before, though the past was the same.
    pub(crate) fn surprises(&self) -> usize {
        self.surprises
    }

    /// The node of the state in view, which `from` has led to.
    pub(crate) fn reach(&mut self, from: EdgeId, view: &View<'_>, past: &Past) -> usize {
        let point = (view.state, view.moves.to_vec());
        let past = past.at(self.depths.get(&point).copied().unwrap_or_default());
        let state = (point, past);
        let known = self.numbers.get(&state).copied();
        let number = known.unwrap_or_else(|| {
            let edge = |moved: &Move| {
                let prints = moved.lines().map(str::to_owned).collect();
                Edge { prints, to: None }
            };
            let edges = view.moves.iter().map(edge).collect();
            self.numbers.insert(state.clone(), self.nodes.len());
            self.nodes.push(Node { state: Some(state), edges, end: None });
            self.nodes.len() - 1
        });
        self.connect(from, number);
        number
    }

    /// Notes that `from` has led to an end.
    pub(crate) fn reach_end(&mut self, from: EdgeId, end: End) {
        let known = self.ends.iter().find(|(known, _)| *known == end);
        let number = known.map_or(self.nodes.len(), |(_, number)| *number);
        if number == self.nodes.len() {
            self.nodes.push(Node { end: Some(end), ..Node::default() });
            self.ends.push((end, number));
        }
        self.connect(from, number);
    }

    fn connect(&mut self, from: EdgeId, number: usize) {
        let edge = &mut self.nodes[from.node].edges[from.edge];
        let before = edge.to.replace(number);
        if before.is_some_and(|before| before != number) && !self.split(from.node) {
            self.surprises += 1;
        }
    }

    /// Forgets a node that was several states. The moves that led there count as never made, so that they are made
    /// again. False if not even the whole past tells these states apart.
    fn split(&mut self, node: usize) -> bool {
        let Some(state) = self.nodes[node].state.take() else {
            // The start, which has no past, or a node that the present run has split and not left yet.
            return node != START;
        };
        let depth = self.depths.entry(state.0.clone()).or_default();
        let Some(deeper) = depth.deeper() else {
            self.nodes[node].state = Some(state);
            return false;
        };
        *depth = deeper;
        let siblings: Vec<usize> = self.forget(&state.0);
        let edges = self.nodes.iter_mut().flat_map(|node| &mut node.edges);
        for edge in edges.filter(|edge| edge.to.is_some_and(|to| siblings.contains(&to))) {
            edge.to = None;
        }
        true
    }

    /// Forgets all states of a point.
    fn forget(&mut self, point: &Point) -> Vec<usize> {
        let of_point = |((other, _), number): (&State, &usize)| (other == point).then_some(*number);
        let numbers: Vec<usize> = self.numbers.iter().filter_map(of_point).collect();
        self.numbers.retain(|(other, _), _| other != point);
        numbers.iter().for_each(|&number| self.nodes[number].state = None);
        numbers
    }

    /// For each node, how many edges are between it and the nearest one with a move that was never made. None if there
    /// is no way to such a node.
    pub(crate) fn distances_to_unknown(&self) -> Vec<Option<usize>> {
        self.distances(|node| node.edges.iter().any(|edge| edge.to.is_none()))
    }

    /// The same for the nearest end.
    pub(crate) fn distances_to_end(&self) -> Vec<Option<usize>> {
        self.distances(|node| node.end.is_some())
    }

    fn distances(&self, is_goal: impl Fn(&Node) -> bool) -> Vec<Option<usize>> {
        let mut back = vec![Vec::new(); self.nodes.len()];
        let mut distances = vec![None; self.nodes.len()];
        let mut queue = VecDeque::new();
        for (number, node) in self.nodes.iter().enumerate() {
            for to in node.edges.iter().filter_map(|edge| edge.to) {
                back[to].push(number);
            }
            if is_goal(node) {
                distances[number] = Some(0);
                queue.push_back(number);
            }
        }
        while let Some(number) = queue.pop_front() {
            let next = distances[number].map(|distance| distance + 1);
            for &before in &back[number] {
                if distances[before].is_none() {
                    distances[before] = next;
                    queue.push_back(before);
                }
            }
        }
        distances
    }
}
