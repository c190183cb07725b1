//! Which line is which event, ignoring the order: an explanation starts from this.

use super::search::State;
use super::table::Table;
use crate::budget::{Budget, Exhausted};
use crate::model::Times;

/// Lines and events, paired as well as possible.
#[derive(Clone)]
pub(crate) struct Assignment {
    pub(crate) event_of: Vec<Option<usize>>,
    /// The first line of each event.
    pub(crate) line_of: Vec<Option<usize>>,
    pub(crate) bound: Vec<u32>,
    /// Whether all lines were looked at.
    pub(crate) whole: bool,
    cost: usize,
}

/// One way to read a line.
struct Step {
    /// What it adds to the cost.
    cost: usize,
    /// The event, and the values of all variables then; none for a stray line.
    claim: Option<(usize, Vec<u32>)>,
}

impl Assignment {
    fn take(&mut self, line: usize, step: Step) {
        self.cost += step.cost;
        if let Some((event, bound)) = step.claim {
            self.event_of[line] = Some(event);
            self.line_of[event].get_or_insert(line);
            self.bound = bound;
        }
    }
}

/// How many broken edges weigh as much as one line without an event.
const STRAY: usize = 1_000;

/// The most attempts of the search for the cheapest assignment.
const ATTEMPTS: usize = 4_000;

/// A longer output gets the first assignment found.
const LONG: usize = 500;

/// Pairs lines with events so that first as few as possible are left over, then as few edges as possible are broken.
pub(crate) fn assign(table: &Table<'_>, budget: &Budget<'_>) -> Assignment {
    let events = table.transcript.events.len();
    let start = Assignment {
        event_of: vec![None; table.lines.len()],
        line_of: vec![None; events],
        bound: State::new(table).bound,
        whole: false,
        cost: 0,
    };
    let Ok(fitting) = fitting(table, budget) else { return start };
    let direct = (0..events).map(|event| table.transcript.order.direct(event)).collect();
    let mut search = Search { table, budget, fitting, direct, best: start.clone(), attempts: 0 };
    if search.greedy().is_ok() {
        search.best.whole = true;
        if table.lines.len() <= LONG && search.best.cost > search.least_cost() {
            // If the budget is spent, the best one so far is good enough.
            _ = search.descend(Assignment { whole: true, ..start }, 0);
        }
    }
    search.best
}

/// For each distinct line, the events whose text it fits, in the order of the file.
fn fitting(table: &Table<'_>, budget: &Budget<'_>) -> Result<Vec<Vec<usize>>, Exhausted> {
    let mut fitting: Vec<Vec<usize>> = Vec::new();
    for line in 0..table.lines.len() {
        fitting.resize(fitting.len().max(table.text_of(line) + 1), Vec::new());
    }
    for event in 0..table.transcript.events.len() {
        let lines = table.fitting(event);
        budget.spend(1 + lines.len() / 4)?;
        for &line in lines {
            let events = &mut fitting[table.text_of(line)];
            if events.last() != Some(&event) {
                events.push(event);
            }
        }
    }
    Ok(fitting)
}

struct Search<'t> {
    table: &'t Table<'t>,
    budget: &'t Budget<'t>,
    fitting: Vec<Vec<usize>>,
    /// For each event, the events that an arrow or its lane puts directly before it.
    direct: Vec<Vec<usize>>,
    best: Assignment,
    attempts: usize,
}

impl Search<'_> {
    /// Takes the cheapest event for each line in turn.
    fn greedy(&mut self) -> Result<(), Exhausted> {
        for line in 0..self.table.lines.len() {
            let cheapest = self.options(&self.best, line)?.swap_remove(0);
            self.best.take(line, cheapest);
        }
        Ok(())
    }

    fn descend(&mut self, assignment: Assignment, line: usize) -> Result<(), Exhausted> {
        self.attempts += 1;
        if line == self.table.lines.len() {
            self.best = assignment;
            return Ok(());
        }
        for option in self.options(&assignment, line)? {
            if self.attempts < ATTEMPTS && assignment.cost + option.cost < self.best.cost {
                self.budget.spend((assignment.event_of.len() + assignment.line_of.len()) / 8)?;
                let mut longer = assignment.clone();
                longer.take(line, option);
                self.descend(longer, line + 1)?;
            }
        }
        Ok(())
    }

    /// The least cost of an illegal output: its lines without an event, or else one broken edge.
    fn least_cost(&self) -> usize {
        let mut copies = vec![0usize; self.fitting.len()];
        (0..self.table.lines.len()).for_each(|line| copies[self.table.text_of(line)] += 1);
        let many = |event: &usize| self.table.transcript.events[*event].times == Times::Many;
        let strays = copies.iter().zip(&self.fitting).map(|(&copies, fitting)| {
            if fitting.iter().any(many) { 0 } else { copies.saturating_sub(fitting.len()) }
        });
        (STRAY * strays.sum::<usize>()).max(1)
    }

    /// All ways to read `line`, the cheapest first; never empty.
    fn options(&self, assignment: &Assignment, line: usize) -> Result<Vec<Step>, Exhausted> {
        let table = self.table;
        let mut options = Vec::new();
        let mut tried: Vec<(usize, usize)> = Vec::new();
        let fitting = &self.fitting[table.text_of(line)];
        self.budget.spend(10 + fitting.len() / 4)?;
        for &event in fitting {
            let many = table.transcript.events[event].times == Times::Many;
            if assignment.line_of[event].is_some() && !many {
                continue;
            }
            // Among a lane's events with the same text, the first free one is as good as any.
            let same = (table.transcript.events[event].lane, table.shape_of(event));
            if table.holes(event).is_empty() {
                if tried.contains(&same) {
                    continue;
                }
                tried.push(same);
            }
            let direct = &self.direct[event];
            let waits =
                |&&before: &&usize| table.certain(before) && assignment.line_of[before].is_none();
            let cost = direct.iter().filter(waits).count();
            self.budget.spend(5 + direct.len() / 4 + assignment.bound.len() / 8)?;
            for capture in table.captures(event, line) {
                let mut bound = assignment.bound.clone();
                if table.bind(event, capture, &mut bound) {
                    options.push(Step { cost, claim: Some((event, bound)) });
                }
            }
        }
        options.sort_by_key(|option| option.cost);
        options.push(Step { cost: STRAY, claim: None });
        Ok(options)
    }
}
