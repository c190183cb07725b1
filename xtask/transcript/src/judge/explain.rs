//! Why an output is illegal: which edge of the order it breaks, which line is too many, which is missing.

use super::{Assignment, Fault, FaultKind, Rejected, Table, assign, broken_rules};
use crate::model::{Reason, Rule, Transcript};

/// Characters of a line that are quoted.
const LONGEST: usize = 500;

/// Faults of one kind that are spelled out; the others are counted.
const MOST_FAULTS: usize = 5;

pub(crate) fn explain(table: &Table<'_>, rules: &[&Rule], output: &str) -> Rejected {
    let assignment = assign(table);
    let explainer = Explainer { table, assignment: &assignment, transcript: table.transcript };
    let mut faults = Vec::new();
    faults.extend(shortened(FaultKind::Order, explainer.order()));
    let broken = broken_rules(table, rules, Some(&assignment.bound)).into_iter();
    let broken = broken.map(|(message, line)| Fault { kind: FaultKind::Rule, line, message });
    faults.extend(shortened(FaultKind::Rule, broken.collect()));
    faults.extend(shortened(FaultKind::Stray, explainer.stray()));
    faults.extend(shortened(FaultKind::Missing, explainer.missing()));
    let unread = output.split_terminator('\n').count() - table.lines.len();
    if unread > 0 {
        let message = format!("and {unread} more lines than any legal output has");
        faults.push(Fault { kind: FaultKind::Stray, line: Some(table.lines.len() - 1), message });
    }
    if faults.is_empty() {
        let message =
            "each line has its event, but no order of the lanes gives this output".to_owned();
        faults.push(Fault { kind: FaultKind::Order, line: None, message });
    }
    let lane = |event: &Option<usize>| event.map(|event| table.transcript.events[event].lane);
    let rest = std::iter::repeat_n(None, unread);
    Rejected { faults, lanes: assignment.event_of.iter().map(lane).chain(rest).collect() }
}

fn shortened(kind: FaultKind, mut faults: Vec<Fault>) -> Vec<Fault> {
    let more = faults.len().saturating_sub(MOST_FAULTS);
    if more > 0 {
        faults.truncate(MOST_FAULTS);
        faults.push(Fault { kind, line: None, message: format!("and {more} more") });
    }
    faults
}

struct Explainer<'a> {
    table: &'a Table<'a>,
    assignment: &'a Assignment,
    transcript: &'a Transcript,
}

impl Explainer<'_> {
    /// An event as a reader of the transcript would expect to see it.
    fn expected(&self, event: usize) -> String {
        let text = self
            .transcript
            .fill(event, |variable| self.table.value(&self.assignment.bound, variable));
        format!("{} | \"{text}\"", self.transcript.lanes[self.transcript.events[event].lane])
    }

    /// Each covering edge that is broken among the events that have a line.
    fn order(&self) -> Vec<Fault> {
        let order = &self.transcript.order;
        let line_of = &self.assignment.line_of;
        let mut faults = Vec::new();
        for after in 0..line_of.len() {
            let Some(early) = line_of[after] else {
                continue;
            };
            for before in order.covering(after, |event| line_of[event].is_some()) {
                let Some(late) = line_of[before].filter(|&late| late > early) else {
                    continue;
                };
                let (one, other) =
                    (quoted(self.table.lines[early]), quoted(self.table.lines[late]));
                let width = one.chars().count().max(other.chars().count());
                let events = &self.transcript.events;
                let why = match order.reason(before, after, &self.transcript.arrows) {
                    Reason::Arrow { text, line } => {
                        format!("{text} ({})", self.transcript.place(line))
                    }
                    Reason::Lane => format!(
                        "lane {} prints in this order ({})",
                        self.transcript.lanes[events[after].lane],
                        self.transcript.place(events[before].line)
                    ),
                };
                let message = format!(
                    "{one:width$} was printed before\n{other:width$} but must come after it: {why}"
                );
                faults.push(Fault { kind: FaultKind::Order, line: Some(early), message });
            }
        }
        faults.sort_by_key(|fault| fault.line);
        faults
    }

    fn stray(&self) -> Vec<Fault> {
        let stray =
            (0..self.table.lines.len()).filter(|&line| self.assignment.event_of[line].is_none());
        let fault = |line: usize| {
            let why = self.repeated(line).or_else(|| self.clash(line));
            let why = why.unwrap_or_else(|| format!("; {}", self.expected_next(line)));
            let message = format!("no lane can print {}{why}", quoted(self.table.lines[line]));
            Fault { kind: FaultKind::Stray, line: Some(line), message }
        };
        stray.map(fault).collect()
    }

    /// A line that is right once, and was printed more often.
    fn repeated(&self, line: usize) -> Option<String> {
        let lines = &self.table.lines;
        let (first, event) = (0..lines.len())
            .filter(|&other| lines[other] == lines[line])
            .find_map(|other| Some((other, self.assignment.event_of[other]?)))?;
        let place = self.transcript.place(self.transcript.events[event].line);
        Some(format!(" again: output line {} is the one expected ({place})", first + 1))
    }

    /// A line that would fit but for the value of a variable.
    fn clash(&self, line: usize) -> Option<String> {
        let free = |&event: &usize| self.assignment.line_of[event].is_none();
        let (event, capture) = (0..self.transcript.events.len())
            .filter(free)
            .find_map(|event| Some((event, self.table.captures(event, line).first()?)))?;
        let mut bound = self.assignment.bound.clone();
        let (variable, rival) = self.table.clash(event, capture, &mut bound)?;
        let name = &self.transcript.variables[variable].name;
        let place = self.transcript.place(self.transcript.events[event].line);
        Some(match (rival, self.table.value(&self.assignment.bound, variable)) {
            (None, Some(value)) => format!("; {name} is {value} ({place})"),
            (Some(rival), _) => {
                format!("; {name} must differ from {} ({place})", self.name_in_full(rival, event))
            }
            _ => format!("; {name} has two values ({place})"),
        })
    }

    /// A variable's name, and its lane where the name alone does not tell it from that of `event`.
    fn name_in_full(&self, variable: usize, event: usize) -> String {
        let transcript = self.transcript;
        let name = &transcript.variables[variable].name;
        let mentions =
            |other: usize, variable: usize| transcript.variables_of(other).any(|v| v == variable);
        let same_name =
            transcript.variables_of(event).any(|v| transcript.variables[v].name == *name);
        let home = (0..transcript.events.len()).find(|&other| mentions(other, variable));
        match home.filter(|_| same_name) {
            Some(home) => {
                format!("{name} of lane {}", transcript.lanes[transcript.events[home].lane])
            }
            None => name.clone(),
        }
    }

    fn expected_next(&self, line: usize) -> String {
        let printed = |event: usize| self.assignment.line_of[event].is_some_and(|at| at < line);
        let due = |&event: &usize| {
            self.table.certain(event)
                && !printed(event)
                && self
                    .transcript
                    .order
                    .covering(event, |other| self.table.certain(other))
                    .into_iter()
                    .all(printed)
        };
        let mut due: Vec<String> = (0..self.transcript.events.len())
            .filter(due)
            .map(|event| self.expected(event))
            .collect();
        let more = due.len().saturating_sub(3);
        due.truncate(3);
        match (due.is_empty(), more) {
            (true, _) => "expected nothing more".to_owned(),
            (_, 0) => format!("expected next: {}", due.join(" or ")),
            _ => format!("expected next: {} or one of {more} more", due.join(" or ")),
        }
    }

    fn missing(&self) -> Vec<Fault> {
        let without =
            |&event: &usize| self.table.certain(event) && self.assignment.line_of[event].is_none();
        let fault = |event: usize| {
            let place = self.transcript.place(self.transcript.events[event].line);
            let message =
                format!("{}: the program ended without it ({place})", self.expected(event));
            Fault { kind: FaultKind::Missing, line: None, message }
        };
        (0..self.transcript.events.len()).filter(without).map(fault).collect()
    }
}

fn quoted(line: &str) -> String {
    // A line of another program's may hold anything: keep the terminal whole, and show what is there.
    let shown = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.into() };
    let mut rest = line.chars();
    let plain: String = rest.by_ref().take(LONGEST).map(shown).collect();
    match rest.count() {
        0 => format!("\"{plain}\""),
        more => format!("\"{plain}\" and {more} more characters"),
    }
}
