//! A graph of states as a finite automaton, which prints one line at a time.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::choices::Choices;
use crate::graph::{Graph, START};
use crate::run::End;

/// The nodes of a graph, each before all that it leads to, if the graph has no loop.
pub(crate) struct Automaton {
    nodes: Vec<Node>,
    start: usize,
    has_loop: bool,
}

#[derive(Default)]
struct Node {
    steps: Vec<Step>,
    end: Option<End>,
}

struct Step {
    prints: Option<String>,
    /// The number of the move, if there is another one.
    choice: Option<usize>,
    to: usize,
}

/// The nodes in which a run can be after the lines so far, and how it comes to each.
pub(crate) type Front = BTreeMap<usize, Way>;

/// How a node was reached.
#[derive(Debug, Clone)]
pub(crate) struct Way {
    /// The number of paths, at most `u128::MAX`.
    pub(crate) paths: u128,
    /// The last choice of one of them, which knows the choices before it.
    last: Option<Rc<Choice>>,
}

#[derive(Debug)]
struct Choice {
    number: usize,
    before: Option<Rc<Choice>>,
}

impl Automaton {
    pub(crate) fn new(graph: &Graph) -> Automaton {
        let mut nodes: Vec<Node> = Vec::new();
        nodes.resize_with(graph.nodes().len(), Node::default);
        for (number, node) in graph.nodes().iter().enumerate() {
            nodes[number].end = node.end;
            for (index, edge) in node.edges.iter().enumerate() {
                let choice = (node.edges.len() > 1).then_some(index);
                if let Some(end) = edge.to {
                    let (first, rest) = match edge.prints.split_first() {
                        Some((first, rest)) => (Some(first.clone()), rest),
                        None => (None, [].as_slice()),
                    };
                    // Each further line is a step of its own.
                    let mut to = end;
                    for line in rest.iter().rev() {
                        let step = Step { prints: Some(line.clone()), choice: None, to };
                        to = nodes.len();
                        nodes.push(Node { steps: vec![step], end: None });
                    }
                    nodes[number].steps.push(Step { prints: first, choice, to });
                }
            }
        }
        sorted(nodes)
    }

    /// Whether a path leads from some state back to it.
    pub(crate) fn has_loop(&self) -> bool {
        self.has_loop
    }

    /// The front before the first line.
    pub(crate) fn start(&self) -> Front {
        self.silently(Front::from([(self.start, Way { paths: 1, last: None })]))
    }

    /// Each line that can come next, with the front after it.
    pub(crate) fn next(&self, front: &Front) -> BTreeMap<&str, Front> {
        let mut next: BTreeMap<&str, Front> = BTreeMap::new();
        for (&node, way) in front {
            for step in &self.nodes[node].steps {
                if let Some(line) = &step.prints {
                    way.add_to(next.entry(line).or_default(), step);
                }
            }
        }
        next.into_iter().map(|(line, front)| (line, self.silently(front))).collect()
    }

    /// The ends of runs that print nothing more. A run that was ended from outside has no end of its own.
    pub(crate) fn ends<'f>(&self, front: &'f Front) -> impl Iterator<Item = (End, &'f Way)> {
        let end = |(&node, way): (&usize, &'f Way)| Some((self.nodes[node].end?, way));
        front.iter().filter_map(end).filter(|(end, _)| *end != End::Stopped)
    }

    /// Adds the nodes that can be reached without a line.
    fn silently(&self, mut front: Front) -> Front {
        let mut all = Front::new();
        while let Some((node, way)) = front.pop_first() {
            // Nodes are sorted: all ways to this one are known by now, unless a loop leads back to it.
            if all.contains_key(&node) {
                continue;
            }
            for step in self.nodes[node].steps.iter().filter(|step| step.prints.is_none()) {
                way.add_to(&mut front, step);
            }
            all.insert(node, way);
        }
        all
    }
}

impl Way {
    fn add_to(&self, front: &mut Front, step: &Step) {
        let longer = || match step.choice {
            Some(number) => Some(Rc::new(Choice { number, before: self.last.clone() })),
            None => self.last.clone(),
        };
        let known = front.entry(step.to).or_insert_with(|| Way { paths: 0, last: longer() });
        known.paths = known.paths.saturating_add(self.paths);
    }

    /// The choices of one of the paths.
    pub(crate) fn choices(&self) -> Choices {
        let mut numbers = Vec::new();
        let mut last = &self.last;
        while let Some(choice) = last {
            numbers.push(choice.number);
            last = &choice.before;
        }
        numbers.into_iter().rev().collect()
    }
}

/// Sorts the nodes, so that each comes before all that it leads to.
fn sorted(mut nodes: Vec<Node>) -> Automaton {
    let mut incoming = vec![0; nodes.len()];
    nodes.iter().flat_map(|node| &node.steps).for_each(|step| incoming[step.to] += 1);
    let mut order: Vec<usize> = (0..nodes.len()).filter(|&node| incoming[node] == 0).collect();
    let mut next = 0;
    while let Some(&node) = order.get(next) {
        next += 1;
        for step in &nodes[node].steps {
            incoming[step.to] -= 1;
            if incoming[step.to] == 0 {
                order.push(step.to);
            }
        }
    }
    let has_loop = order.len() < nodes.len();
    order.extend((0..nodes.len()).filter(|&node| incoming[node] > 0));
    let mut rank = vec![0; nodes.len()];
    order.iter().enumerate().for_each(|(place, &node)| rank[node] = place);
    nodes.iter_mut().flat_map(|node| &mut node.steps).for_each(|step| step.to = rank[step.to]);
    let nodes = order.iter().map(|&node| std::mem::take(&mut nodes[node])).collect();
    Automaton { nodes, start: rank[START], has_loop }
}
