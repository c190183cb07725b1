//! The connected components of the graph of events and lines.

use std::collections::BTreeMap;

use super::candidates::Candidates;

/// How a component is paired has no influence on any other.
#[derive(Debug, Default)]
pub(super) struct Component {
    pub(super) events: Vec<usize>,
    pub(super) lines: Vec<usize>,
}

/// All components. Events that come from one line of the file are connected too if they can be reworded, since they get
/// the same wording.
pub(super) fn components(candidates: &Candidates<'_>) -> Vec<Component> {
    let events = candidates.exact.len();
    let mut sets = DisjointSets::new(events + candidates.table.lines.len());
    let mut first_of: BTreeMap<usize, usize> = BTreeMap::new();
    for event in 0..events {
        candidates.lines(event).for_each(|line| sets.unite(event, events + line));
        if !candidates.reworded[event].is_empty() {
            let source = candidates.source(event);
            sets.unite(event, *first_of.entry(source).or_insert(event));
        }
    }
    let mut components: BTreeMap<usize, Component> = BTreeMap::new();
    for event in 0..events {
        components.entry(sets.root(event)).or_default().events.push(event);
    }
    for line in 0..candidates.table.lines.len() {
        components.entry(sets.root(events + line)).or_default().lines.push(line);
    }
    components.into_values().collect()
}

/// A union-find structure: each set is a tree, and its root is the set's name.
struct DisjointSets(Vec<usize>);

impl DisjointSets {
    /// Each of the nodes in a set of its own.
    fn new(nodes: usize) -> Self {
        Self((0..nodes).collect())
    }

    fn root(&mut self, mut node: usize) -> usize {
        let parents = &mut self.0;
        while parents[node] != node {
            parents[node] = parents[parents[node]]; // Halves the path for the next search.
            node = parents[node];
        }
        node
    }

    fn unite(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.0[one] = other;
    }
}
