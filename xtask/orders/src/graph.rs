//! The states of a program, and the moves between them, as runs have shown them.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use crate::run::End;
use crate::view::{Move, View};

/// A graph that grows with each run. Runs that reach the same state meet there, and share what follows.
#[derive(Debug)]
pub(crate) struct Graph {
    nodes: Vec<Node>,
    /// The number of each state. The moves are part of it: a signature alone may be shared by chance.
    numbers: FxHashMap<(u64, Vec<Move>), usize>,
    ends: Vec<(End, usize)>,
    /// How often an edge has led to a state, after it had led to another one before.
    surprises: usize,
}

/// A state, or an end.
#[derive(Debug, Default)]
pub(crate) struct Node {
    pub(crate) edges: Vec<Edge>,
    pub(crate) end: Option<End>,
}

/// A move, taken or not yet.
#[derive(Debug)]
pub(crate) struct Edge {
    /// The lines that it prints.
    pub(crate) prints: Vec<String>,
    /// Where it has led: nowhere yet, or to one state; to several if the signature does not say enough.
    pub(crate) leads: Vec<usize>,
}

/// An edge of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) node: usize,
    pub(crate) edge: usize,
}

/// The node before the first point. Its only edge leads there.
pub(crate) const START: usize = 0;

impl Graph {
    pub(crate) fn new() -> Graph {
        let edges = vec![Edge { prints: Vec::new(), leads: Vec::new() }];
        let nodes = vec![Node { edges, end: None }];
        Graph { nodes, numbers: FxHashMap::default(), ends: Vec::new(), surprises: 0 }
    }

    /// For each edge of a node, the nodes that it has led to: none if the move was never made.
    pub(crate) fn leads(&self, node: usize) -> impl Iterator<Item = &[usize]> {
        self.nodes[node].edges.iter().map(|edge| edge.leads.as_slice())
    }

    pub(crate) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The number of states that were reached, without the start and the ends.
    pub(crate) fn states(&self) -> usize {
        self.numbers.len()
    }

    pub(crate) fn surprises(&self) -> usize {
        self.surprises
    }

    /// The node of the state in view, which `from` has led to.
    pub(crate) fn reach(&mut self, from: Place, view: &View<'_>) -> usize {
        let key = (view.state, view.moves.to_vec());
        let number = match self.numbers.get(&key) {
            Some(&number) => number,
            None => {
                let edge = |taken: &Move| Edge {
                    prints: taken.lines().map(str::to_owned).collect(),
                    leads: Vec::new(),
                };
                let edges = view.moves.iter().map(edge).collect();
                self.numbers.insert(key, self.nodes.len());
                self.nodes.push(Node { edges, end: None });
                self.nodes.len() - 1
            }
        };
        self.lead(from, number);
        number
    }

    /// Notes that `from` has led to an end.
    pub(crate) fn reach_end(&mut self, from: Place, end: End) {
        let known = self.ends.iter().find(|(known, _)| *known == end);
        let number = known.map_or(self.nodes.len(), |(_, number)| *number);
        if number == self.nodes.len() {
            self.nodes.push(Node { edges: Vec::new(), end: Some(end) });
            self.ends.push((end, number));
        }
        self.lead(from, number);
    }

    fn lead(&mut self, from: Place, number: usize) {
        let leads = &mut self.nodes[from.node].edges[from.edge].leads;
        if !leads.contains(&number) {
            leads.push(number);
            self.surprises += usize::from(leads.len() > 1);
        }
    }

    /// For each node, how many edges are between it and the nearest one with a move that was never made. None if there
    /// is no way to such a node.
    pub(crate) fn distances_to_unknown(&self) -> Vec<Option<usize>> {
        self.distances(|node| node.edges.iter().any(|edge| edge.leads.is_empty()))
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
            for &lead in node.edges.iter().flat_map(|edge| &edge.leads) {
                back[lead].push(number);
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
