//! Which line is which event, order aside: what an explanation starts from.

use super::{State, Table};
use crate::model::Times;

/// Lines and events paired off as well as possible.
#[derive(Clone)]
pub(crate) struct Assignment {
    pub(crate) event_of: Vec<Option<usize>>,
    pub(crate) line_of: Vec<Option<usize>>,
    pub(crate) bound: Vec<u32>,
    cost: usize,
}

/// What a line can be.
struct Step {
    /// What it adds.
    cost: usize,
    /// The event, and the values of all variables then; none for a stray line.
    claim: Option<(usize, Vec<u32>)>,
}

impl Assignment {
    fn take(&mut self, line: usize, step: Step) {
        self.cost += step.cost;
        if let Some((event, bound)) = step.claim {
            self.event_of[line] = Some(event);
            self.line_of[event] = Some(line);
            self.bound = bound;
        }
    }
}

/// What a line without an event weighs against a broken edge.
const STRAY: usize = 1_000;

/// Steps that the search for the cheapest assignment may take.
const BUDGET: usize = 4_000;

/// Outputs beyond this length get the first assignment found.
const LONG: usize = 500;

/// Pairs lines with events so that first as few as possible are left over, then as few edges as possible are broken.
pub(crate) fn assign(table: &Table<'_>) -> Assignment {
    let events = table.transcript.events.len();
    let start = Assignment {
        event_of: vec![None; table.lines.len()],
        line_of: vec![None; events],
        bound: State::new(table).bound,
        cost: 0,
    };
    let mut search = Search { table, best: greedy(table, start.clone()), steps: 0 };
    if table.lines.len() <= LONG && search.best.cost > least_cost(table) {
        search.descend(start, 0);
    }
    search.best
}

/// What no assignment of an illegal output can undercut: lines without an event, or else one broken edge.
fn least_cost(table: &Table<'_>) -> usize {
    let events = 0..table.transcript.events.len();
    let stray = |line: usize| {
        let text = table.lines[line];
        let same = table.lines[..line].iter().filter(|other| **other == text).count();
        let fitting = events.clone().filter(|&event| !table.captures(event, line).is_empty());
        let most = match fitting
            .clone()
            .any(|event| table.transcript.events[event].times == Times::Many)
        {
            true => usize::MAX,
            false => fitting.count(),
        };
        same >= most
    };
    let strays = (0..table.lines.len()).filter(|&line| stray(line)).count();
    (STRAY * strays).max(1)
}

/// Takes the cheapest event for each line in turn.
fn greedy(table: &Table<'_>, mut assignment: Assignment) -> Assignment {
    for line in 0..table.lines.len() {
        let cheapest = options(table, &assignment, line).swap_remove(0);
        assignment.take(line, cheapest);
    }
    assignment
}

struct Search<'t> {
    table: &'t Table<'t>,
    best: Assignment,
    steps: usize,
}

impl Search<'_> {
    fn descend(&mut self, assignment: Assignment, line: usize) {
        self.steps += 1;
        if line == self.table.lines.len() {
            self.best = assignment;
            return;
        }
        for option in options(self.table, &assignment, line) {
            if self.steps < BUDGET && assignment.cost + option.cost < self.best.cost {
                let mut longer = assignment.clone();
                longer.take(line, option);
                self.descend(longer, line + 1);
            }
        }
    }
}

/// All that `line` can be, the cheapest first; never empty.
fn options(table: &Table<'_>, assignment: &Assignment, line: usize) -> Vec<Step> {
    let transcript = table.transcript;
    let mut options = Vec::new();
    for lane in &transcript.order.lanes {
        let mut tried: Vec<&[Vec<u32>]> = Vec::new();
        for &event in lane {
            let many = transcript.events[event].times == Times::Many;
            let captures = table.captures(event, line);
            // Of events of one lane with the same text the first free one is as good as any.
            let again =
                captures.is_empty() || tried.contains(&captures) && table.holes(event).is_empty();
            if again || (assignment.line_of[event].is_some() && !many) {
                continue;
            }
            tried.push(captures);
            let waits =
                |&&before: &&usize| table.certain(before) && assignment.line_of[before].is_none();
            let cost = transcript.order.covering(event, |_| true).iter().filter(waits).count();
            for capture in captures {
                let mut bound = assignment.bound.clone();
                if table.bind(event, capture, &mut bound) {
                    options.push(Step { cost, claim: Some((event, bound)) });
                }
            }
        }
    }
    options.sort_by_key(|option| option.cost);
    options.push(Step { cost: STRAY, claim: None });
    options
}
