//! Random partial orders, as programs and by definition.

use arbitrary::{Result, Unstructured};

use crate::law::Law;
use crate::toy::Op::{self, *};
use crate::toy::Toy;

const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];

/// Some tasks with a line each, and which of them come before which.
#[derive(Debug)]
pub(crate) struct PartialOrder {
    tasks: usize,
    edges: Vec<(usize, usize)>,
}

impl PartialOrder {
    pub(crate) fn arbitrary(u: &mut Unstructured<'_>) -> Result<PartialOrder> {
        let tasks = u.int_in_range(1..=NAMES.len())?;
        let mut edges = Vec::new();
        for before in 0..tasks {
            for after in before + 1..tasks {
                if u.ratio(1, 4)? {
                    edges.push((before, after));
                }
            }
        }
        Ok(PartialOrder { tasks, edges })
    }

    pub(crate) fn tasks(&self) -> usize {
        self.tasks
    }

    pub(crate) fn edges(&self) -> &[(usize, usize)] {
        &self.edges
    }

    /// A program that keeps the order by an event for each edge. With births as points, there are more states.
    pub(crate) fn toy(&self, births: bool) -> Toy {
        self.mutant(births, None)
    }

    /// The same program, but one edge's event is set before the line, instead of after it.
    pub(crate) fn mutant(&self, births: bool, early: Option<usize>) -> Toy {
        let mut scripts: Vec<Vec<Op>> = vec![(1..=self.tasks).map(Spawn).collect()];
        for (task, name) in NAMES[..self.tasks].iter().enumerate() {
            let edges = || self.edges.iter().enumerate();
            let mut script: Vec<Op> =
                edges().filter(|(_, edge)| edge.1 == task).map(|(event, _)| Wait(event)).collect();
            let sets = |early_ones: bool| {
                edges()
                    .filter(move |(event, edge)| {
                        edge.0 == task && (early == Some(*event)) == early_ones
                    })
                    .map(|(event, _)| Set(event))
            };
            script.extend(sets(true));
            script.push(Say(name));
            script.extend(sets(false));
            scripts.push(script);
        }
        let law = Law::new(&NAMES[..self.tasks], &self.edges);
        Toy { scripts, law, births, runs: 0 }
    }

    /// Whether the outputs would be the same without this edge.
    pub(crate) fn is_implied(&self, edge: usize) -> bool {
        let without = self.edges.iter().enumerate().filter(|(index, _)| *index != edge);
        let edges = without.map(|(_, edge)| *edge).collect();
        PartialOrder { tasks: self.tasks, edges }.extensions() == self.extensions()
    }

    /// All orders of the lines that keep each edge, sorted, by trying all permutations.
    pub(crate) fn extensions(&self) -> Vec<Vec<String>> {
        let mut all = Vec::new();
        self.extend(&mut Vec::new(), &mut all);
        all
    }

    fn extend(&self, so_far: &mut Vec<usize>, all: &mut Vec<Vec<String>>) {
        if so_far.len() == self.tasks {
            all.push(so_far.iter().map(|&task| NAMES[task].to_owned()).collect());
        }
        for task in 0..self.tasks {
            let late =
                |&(before, after): &(usize, usize)| after == task && !so_far.contains(&before);
            if !so_far.contains(&task) && !self.edges.iter().any(late) {
                so_far.push(task);
                self.extend(so_far, all);
                so_far.pop();
            }
        }
    }
}
