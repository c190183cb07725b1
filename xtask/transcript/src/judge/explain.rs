//! Why an output is illegal: which edge of the order it breaks, which line is too many, which is missing.

use std::collections::{BTreeMap, BTreeSet};

use super::assign::{Assignment, assign};
use super::broken::{broken, spans};
use super::report::how_often;
use super::rules::{BrokenRule, broken_rules};
use super::stray::Strays;
use super::table::Table;
use super::verdict::{Fault, FaultKind, Rejected};
use crate::budget::Budget;
use crate::model::{Reason, Transcript};
use crate::text::{grouped, quoted};

/// Lines up to this many characters are aligned, one below the other.
const COMPARABLE: usize = 60;

/// The most lanes that are named one by one.
const MOST_LANES: usize = 3;

/// Explains why an output is illegal, or that its last line lacks its newline.
pub(crate) fn explain(table: &Table<'_>, output: &str, budget: &Budget<'_>) -> Rejected {
    let assignment = budget.part(2, |budget| assign(table, budget));
    let explainer = Explainer { table, assignment: &assignment, transcript: table.transcript };
    let strays = Strays::new(table, &assignment);
    // If the values that the lines bind are not known, rules that need them are passed over.
    let bound = Some(assignment.bound.as_slice()).filter(|_| assignment.whole);
    let rules = budget.part(2, |budget| broken_rules(table, bound, budget)).unwrap_or_default();
    let mut faults = Vec::new();
    let unread = output.split_terminator('\n').count() - table.lines.len();
    if assignment.whole {
        faults.extend(budget.part(2, |budget| explainer.order(budget)));
        faults.extend(rule_faults(&rules));
        faults.extend(strays.faults());
        if unread > 0 {
            let message =
                format!("and {} more lines than any legal output has", grouped(unread as u128));
            let first = table.lines.len() + 1;
            faults.push(Fault::new(FaultKind::Stray, vec![first], None, &message));
        }
        faults.extend(explainer.missing(&strays.explained()));
    } else {
        faults.extend(rule_faults(&rules));
        faults.push(unexplained());
    }
    faults.extend(newline(output));
    if faults.is_empty() {
        faults.push(unexplained());
    }
    let lane = |event: &Option<usize>| event.map(|event| table.transcript.events[event].lane);
    let rest = std::iter::repeat_n(None, unread);
    Rejected {
        faults,
        lanes: assignment.event_of.iter().map(lane).chain(rest).collect(),
        name: table.transcript.name.clone(),
        broken: broken(table, &assignment, &rules, &strays),
    }
}

fn unexplained() -> Fault {
    let message = "no order of the events gives this output; finding out why takes too long";
    Fault::new(FaultKind::Unexplained, Vec::new(), None, message)
}

/// A last line without a newline: some output may be lost.
fn newline(output: &str) -> Option<Fault> {
    let last = output.rsplit('\n').next().filter(|last| !last.is_empty())?;
    let message = format!("the last line, {}, does not end with a newline", quoted(last));
    let number = output.split_terminator('\n').count();
    Some(Fault::new(FaultKind::Newline, vec![number], None, &message))
}

/// Each rule that does not hold, as one fault for all turns of its loops.
fn rule_faults(broken: &[BrokenRule]) -> Vec<Fault> {
    let of_one_line = broken.chunk_by(|one, next| one.rule_line == next.rule_line);
    let fault = |broken: &[BrokenRule]| {
        let first = &broken[0];
        let message = match broken.len() - 1 {
            0 => first.message.clone(),
            1 => format!("{}, and likewise in one more turn", first.message),
            more => format!("{}, and likewise in {more} more turns", first.message),
        };
        let lines = broken.iter().filter_map(|broken| broken.output_line.map(|line| line + 1));
        Fault::new(FaultKind::Rule, lines.collect(), Some(first.rule_line), &message)
    };
    of_one_line.map(fault).collect()
}

struct Explainer<'a> {
    table: &'a Table<'a>,
    assignment: &'a Assignment,
    transcript: &'a Transcript,
}

impl Explainer<'_> {
    /// Each broken covering edge between events that have a line; edges from one line of the file are one fault.
    fn order(&self, budget: &Budget<'_>) -> Vec<Fault> {
        let order = &self.transcript.order;
        let spans = spans(self.assignment);
        let lanes = self.transcript.lanes.len();
        let mut broken: BTreeMap<usize, Vec<(usize, usize, String)>> = BTreeMap::new();
        for after in 0..spans.len() {
            let Some((early, _)) = spans[after] else { continue };
            let before = order.needs[after].iter().filter(|need| **need > 0).count();
            if budget.spend((1 + before) * lanes / 16 + lanes / 4).is_err() {
                break;
            }
            for before in order.covering(after, |event| spans[event].is_some()) {
                let Some((_, late)) = spans[before].filter(|&(_, late)| late > early) else {
                    continue;
                };
                let (line, why) = match order.reason(before, after, &self.transcript.arrows) {
                    Reason::Arrow { text, line } => (line, text),
                    Reason::Lane => {
                        let lane = &self.transcript.lanes[self.transcript.events[after].lane];
                        let line = self.transcript.events[before].line;
                        (line, format!("lane {lane} prints in this order"))
                    }
                };
                broken.entry(line).or_default().push((early, late, why));
            }
        }
        let fault = |(line, mut pairs): (usize, Vec<(usize, usize, String)>)| {
            pairs.sort();
            let (early, late, why) = &pairs[0];
            let (one, other) = (quoted(self.table.lines[*early]), quoted(self.table.lines[*late]));
            // One below the other, if they are short enough to compare.
            let width = one.chars().count().max(other.chars().count());
            let width = if width <= COMPARABLE { width } else { 0 };
            let why = match pairs.len() {
                1 => why.clone(),
                several => format!("{why}, broken by {several} pairs of lines"),
            };
            let message = format!(
                "{one:width$} was printed before\n{other:width$} but must come after it: {why}"
            );
            let mut output_lines: Vec<usize> = pairs.iter().map(|(early, ..)| early + 1).collect();
            output_lines.dedup();
            Fault::new(FaultKind::Order, output_lines, Some(line), &message)
                .listed(&format!("{one} before {other}: {why}"))
        };
        let mut faults: Vec<Fault> = broken.into_iter().map(fault).collect();
        faults.sort_by_key(|fault| fault.output_lines[0]);
        faults
    }

    /// Each event without a line, except those in `explained`; events from one line of the file are one fault.
    fn missing(&self, explained: &BTreeSet<usize>) -> Vec<Fault> {
        let without = |event: &usize| {
            let claimed = self.assignment.line_of[*event].is_some();
            self.table.certain(*event) && !claimed && !explained.contains(event)
        };
        let mut missing: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for event in (0..self.transcript.events.len()).filter(without) {
            missing.entry(self.transcript.events[event].line).or_default().push(event);
        }
        let fault = |(line, events): (usize, Vec<usize>)| {
            let texts: Vec<String> = events.iter().map(|&event| self.text(event)).collect();
            let often = how_often(&texts);
            let item = format!("{} | \"{}\"{often}", self.lanes(&events), texts[0]);
            let them = if events.len() == 1 { "it" } else { "them" };
            let message = format!("{item}: the program ended without {them}");
            Fault::new(FaultKind::Missing, Vec::new(), Some(line), &message).listed(&item)
        };
        missing.into_iter().map(fault).collect()
    }

    fn text(&self, event: usize) -> String {
        self.transcript.fill(event, |variable| self.table.value(&self.assignment.bound, variable))
    }

    /// The lanes of some events: `task1..task5`, or the first few.
    fn lanes(&self, events: &[usize]) -> String {
        let mut names: Vec<&str> = Vec::new();
        for &event in events {
            let name = self.transcript.lanes[self.transcript.events[event].lane].as_str();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let numbered = |name: &str| {
            let stem = name.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
            Some((name[stem.len()..].parse::<u64>().ok()?, stem))
        };
        let numbers: Option<Vec<(u64, String)>> = names.iter().map(|name| numbered(name)).collect();
        let row = |numbers: &Vec<(u64, String)>| {
            numbers.windows(2).all(|pair| pair[0].1 == pair[1].1 && pair[0].0 + 1 == pair[1].0)
        };
        match names.as_slice() {
            [first, .., last] if numbers.as_ref().is_some_and(row) => format!("{first}..{last}"),
            few if few.len() <= MOST_LANES => few.join(", "),
            many => {
                let more = many.len() - MOST_LANES;
                format!("{} and {more} more", many[..MOST_LANES].join(", "))
            }
        }
    }
}
