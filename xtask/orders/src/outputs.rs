//! What a program can print: how many outputs, which, and how often.

use std::collections::BTreeMap;

use crate::automaton::{Automaton, Front};
use crate::choices::Choices;
use crate::graph::Graph;
use crate::run::{End, Trace};
use crate::wanted::{Values, Wanted};

/// One of the outputs of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Its lines.
    pub lines: Vec<String>,
    /// How a run that prints it ends.
    pub end: End,
    /// How often it occurs: the number of runs, or of paths through the states; at most `u128::MAX`. None if the
    /// program can come back to a state: then there is no end of paths.
    pub count: Option<u128>,
    /// The choices of one run that prints it.
    pub replay: Choices,
}

/// The outputs of a graph, in the order of their lines, but at most `most` of them.
pub(crate) fn list(graph: &Graph, most: usize) -> Vec<Output> {
    let automaton = Automaton::new(graph);
    let mut found = Vec::new();
    let mut open: Vec<(Vec<String>, Front)> = vec![(Vec::new(), automaton.start())];
    while let Some((lines, front)) = open.pop() {
        for (end, way) in automaton.ends(&front) {
            if found.len() == most {
                return found;
            }
            let count = (!automaton.has_loop()).then_some(way.paths);
            found.push(Output { lines: lines.clone(), end, count, replay: way.choices() });
        }
        let longer = |(line, front): (&str, Front)| {
            (lines.iter().cloned().chain([line.to_owned()]).collect(), front)
        };
        // The list is a stack: the first line goes on top, to be taken next.
        open.extend(automaton.next(&front).into_iter().rev().map(longer));
    }
    found
}

/// How many outputs a graph has. None if to count them takes more than `effort` fronts.
///
/// Beginnings that can go on in the same ways are counted together. So this works for more outputs than a list can
/// hold.
pub(crate) fn count(graph: &Graph, effort: usize) -> Option<u128> {
    let automaton = Automaton::new(graph);
    let start = automaton.start();
    let mut left = effort;
    let mut layer = BTreeMap::from([(nodes(&start), (start, 1u128))]);
    let mut total = 0u128;
    while !layer.is_empty() {
        let mut next: BTreeMap<Vec<usize>, (Front, u128)> = BTreeMap::new();
        for (front, beginnings) in layer.into_values() {
            left = left.checked_sub(1)?;
            let ends = automaton.ends(&front).count() as u128;
            total = total.saturating_add(ends.saturating_mul(beginnings));
            for front in automaton.next(&front).into_values() {
                let (_, sum) = next.entry(nodes(&front)).or_insert((front, 0));
                *sum = sum.saturating_add(beginnings);
            }
        }
        layer = next;
    }
    Some(total)
}

/// For each output, the choices of a run that prints it, if there is a path for it.
pub(crate) fn find(graph: &Graph, wanted: &[Wanted]) -> Vec<Option<Choices>> {
    let automaton = Automaton::new(graph);
    wanted.iter().map(|wanted| path(&automaton, wanted)).collect()
}

fn path(automaton: &Automaton, wanted: &Wanted) -> Option<Choices> {
    let mut open = vec![(0, Values::new(), automaton.start())];
    while let Some((next, values, front)) = open.pop() {
        if next == wanted.len() {
            let end = automaton.ends(&front).find(|(end, _)| *end == wanted.end());
            if let Some((_, way)) = end {
                return Some(way.choices());
            }
            continue;
        }
        open.extend(automaton.next(&front).into_iter().filter_map(|(line, front)| {
            let (next, values) = wanted.after(next, std::iter::once(line), &values)?;
            Some((next, values, front))
        }));
    }
    None
}

fn nodes(front: &Front) -> Vec<usize> {
    front.keys().copied().collect()
}

/// The different outputs of some runs.
///
/// ```
/// let shown = orders::Shown::default();
/// assert_eq!(shown.len(), 0);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Shown {
    outputs: BTreeMap<(Vec<String>, End), (u128, Choices)>,
}

impl Shown {
    /// Adds a run. One that was ended from outside shows no output.
    pub fn add(&mut self, trace: &Trace) {
        let end = trace.conclusion.end;
        if end != End::Stopped {
            let shown = self.outputs.entry((trace.lines(), end));
            shown.or_insert_with(|| (0, trace.choices.clone())).0 += 1;
        }
    }

    /// The number of different outputs.
    pub fn len(&self) -> usize {
        self.outputs.len()
    }

    /// Whether no run has shown an output.
    pub fn is_empty(&self) -> bool {
        self.outputs.is_empty()
    }

    /// The outputs, sorted. An output's count is the number of runs that have shown it, and the first of them is its
    /// replay.
    pub fn outputs(&self) -> impl Iterator<Item = Output> {
        self.outputs.iter().map(|((lines, end), (runs, replay))| Output {
            lines: lines.clone(),
            end: *end,
            count: Some(*runs),
            replay: replay.clone(),
        })
    }
}
