//! Lines that no event can claim, and why the nearest event cannot.

use std::collections::{BTreeMap, BTreeSet};

use super::assign::Assignment;
use super::joined;
use super::report::how_often;
use super::table::Table;
use super::verdict::{Fault, FaultKind};
use crate::model::{Constraint, Kind, Piece, Transcript, Variable, readings};
use crate::text::{as_it_seems, overlooked, quoted};

/// The most kinds of stray lines that get a reason.
const MOST_REASONS: usize = 50;

pub(super) struct Strays<'a> {
    table: &'a Table<'a>,
    assignment: &'a Assignment,
    transcript: &'a Transcript,
    /// The variables without types and bounds.
    loose: Vec<Variable>,
    /// Groups of lines that differ only in their numbers, each with why its first line is stray.
    groups: Vec<(Vec<usize>, Why)>,
}

/// Why a line has no event.
enum Why {
    /// It was printed more often than expected.
    Repeated { expected: usize, event: usize },
    /// A hole cannot have this value, or cannot have it again.
    Value { reason: String, event: usize, constraint: Option<Constraint> },
    /// Several tasks have written it: these events are its parts.
    Joined(Vec<usize>),
    /// None of these: the message says what is expected instead.
    Other(String),
}

impl<'a> Strays<'a> {
    pub(super) fn new(table: &'a Table<'a>, assignment: &'a Assignment) -> Strays<'a> {
        let transcript = table.transcript;
        let loose = |variable: &Variable| Variable {
            kind: Kind::Text,
            bound: None,
            needed: true,
            ..variable.clone()
        };
        let loose = transcript.variables.iter().map(loose).collect();
        let mut strays = Strays { table, assignment, transcript, loose, groups: Vec::new() };
        if !assignment.whole {
            return strays;
        }
        let mut order: Vec<Vec<usize>> = Vec::new();
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        let stray = (0..table.lines.len()).filter(|&line| assignment.event_of[line].is_none());
        for line in stray {
            let group = *known.entry(without_numbers(table.lines[line])).or_insert_with(|| {
                order.push(Vec::new());
                order.len() - 1
            });
            order[group].push(line);
        }
        let why = |(number, lines): (usize, Vec<usize>)| {
            let why = match number < MOST_REASONS {
                true => strays.why(lines[0]),
                false => Why::Other(String::new()),
            };
            (lines, why)
        };
        strays.groups = order.into_iter().enumerate().map(why).collect();
        strays
    }

    /// One fault for each group of lines that differ only in their numbers.
    pub(super) fn faults(&self) -> Vec<Fault> {
        let mut told = false;
        let newlines = self.late_newlines();
        let mut untold = newlines.clone();
        let fault = |(lines, why): &(Vec<usize>, Why)| {
            let mut lines = lines.clone();
            let texts: Vec<&str> = lines.iter().map(|&line| self.table.lines[line]).collect();
            let text = texts[0];
            let same = texts.iter().all(|other| *other == text);
            let line = format!("{}{}", quoted(text), how_often(&texts));
            let (message, item, event) = match why {
                Why::Repeated { expected, event } if same => {
                    let printed = times(expected + lines.len());
                    let (line, expected) = (quoted(text), times(*expected));
                    let message =
                        format!("{line} was printed {printed}, but is expected {expected}");
                    (
                        message,
                        format!("{line}: printed {printed}, expected {expected}"),
                        Some(event),
                    )
                }
                Why::Repeated { event, .. } => {
                    let message = format!("{line} were printed more often than expected");
                    (message, format!("{line}: printed more often than expected"), Some(event))
                }
                Why::Value { reason, event, .. } => {
                    let message = format!("no lane can print {line}; {reason}");
                    (message, format!("{line}; {reason}"), Some(event))
                }
                Why::Joined(parts) => {
                    let own = joined::newlines(lines.len(), parts).min(untold.len());
                    lines.extend(untold.drain(..own));
                    let reason = self.joined_reason(parts, own);
                    let item = format!("{line}; {reason}");
                    (format!("no lane can print {item}"), item, None)
                }
                Why::Other(next) => {
                    let message = format!("no lane can print {line}; {next}");
                    let item = if told { line } else { format!("{line}; {next}") };
                    told = true;
                    (message, item, None)
                }
            };
            let output_lines = lines.iter().map(|line| line + 1).collect();
            let transcript_line = event.map(|&event| self.transcript.events[event].line);
            Fault::new(FaultKind::Stray, output_lines, transcript_line, &message).listed(&item)
        };
        let groups = self.groups.iter();
        groups
            .filter(|(lines, _)| !lines.iter().all(|line| newlines.contains(line)))
            .map(fault)
            .collect()
    }

    /// Events that a stray line explains, by a wrong value or as parts of a joined line: they are not missing too.
    pub(super) fn explained(&self) -> BTreeSet<usize> {
        let line_of = |event: usize| self.transcript.events[event].line;
        let mut explained = BTreeSet::new();
        for (lines, why) in &self.groups {
            if let Why::Joined(_) = why {
                for &line in lines.iter().take(MOST_REASONS) {
                    let free = self.free(line).into_iter();
                    let free: Vec<usize> =
                        free.filter(|event| !explained.contains(event)).collect();
                    explained.extend(joined::parts(self.table, line, &free).into_iter().flatten());
                }
            }
            let Why::Value { event, .. } = why else { continue };
            for &line in lines.iter().take(MOST_REASONS) {
                let seems = as_it_seems(self.table.lines[line]);
                let fits = |event: usize| {
                    let ways = readings(&self.seeming(event), &self.loose, seems.trim_end()).ways;
                    !ways.is_empty()
                };
                let found = self.free(line).into_iter().find(|other| {
                    line_of(*other) == line_of(*event) && !explained.contains(other) && fits(*other)
                });
                explained.extend(found);
            }
        }
        explained
    }

    /// The bounds and names that a stray line breaks.
    pub(super) fn constraints(&self) -> impl Iterator<Item = Constraint> {
        self.groups.iter().filter_map(|(_, why)| match why {
            Why::Value { constraint, .. } => constraint.clone(),
            _ => None,
        })
    }

    fn why(&self, line: usize) -> Why {
        if let Some(repeated) = self.repeated(line) {
            return repeated;
        }
        let free = self.free(line);
        self.clash(line, &free)
            .or_else(|| joined::parts(self.table, line, &free).map(Why::Joined))
            .or_else(|| self.refused(line, &free))
            .or_else(|| self.invisible(line, &free))
            .unwrap_or_else(|| Why::Other(self.expected_next(line)))
    }

    /// A line that is legal, but was printed too often.
    fn repeated(&self, line: usize) -> Option<Why> {
        let lines = 0..self.table.lines.len();
        let same = lines.filter(|&other| self.table.text_of(other) == self.table.text_of(line));
        let events: Vec<usize> = same.filter_map(|other| self.assignment.event_of[other]).collect();
        Some(Why::Repeated { expected: events.len(), event: *events.first()? })
    }

    /// The empty lines that joined lines explain: each is a newline that came late.
    fn late_newlines(&self) -> Vec<usize> {
        let joined = self.groups.iter().map(|(lines, why)| match why {
            Why::Joined(parts) => joined::newlines(lines.len(), parts),
            _ => 0,
        });
        let most: usize = joined.sum();
        let is_empty = |line: &usize| self.table.lines[*line].is_empty();
        let groups = self.groups.iter().filter(|(_, why)| matches!(why, Why::Other(_)));
        let empty = groups.flat_map(|(lines, _)| lines).copied().filter(is_empty);
        let empty: Vec<usize> = empty.collect();
        // If there are more than the joined lines can have left, some have another cause, and no one can say which.
        if empty.len() <= most { empty } else { Vec::new() }
    }

    /// Why a line has these parts. `newlines` empty lines have the same reason.
    fn joined_reason(&self, parts: &[usize], newlines: usize) -> String {
        let lanes = parts.iter().map(|&event| self.transcript.events[event].lane);
        let lanes: BTreeSet<usize> = lanes.collect();
        let parts: Vec<String> = parts.iter().map(|&event| self.expected(event)).collect();
        joined::reason(lanes.len(), newlines, &parts)
    }

    /// Events without a line, beginning with those that are due at `line`.
    fn free(&self, line: usize) -> Vec<usize> {
        let free = |&event: &usize| self.assignment.line_of[event].is_none();
        let mut free: Vec<usize> = (0..self.transcript.events.len()).filter(free).collect();
        free.sort_by_cached_key(|&event| !(self.table.certain(event) && self.due(event, line)));
        free
    }

    /// A line that would fit if a variable had another value.
    fn clash(&self, line: usize, free: &[usize]) -> Option<Why> {
        let capture = |event: usize| Some((event, self.table.captures(event, line).first()?));
        let (event, capture) = free.iter().copied().find_map(capture)?;
        let mut bound = self.assignment.bound.clone();
        let (variable, rival) = self.table.clash(event, capture, &mut bound)?;
        let name = &self.transcript.variables[variable].name;
        let known = self.table.value(&self.assignment.bound, variable);
        let reason = match (rival, known) {
            (None, Some(value)) => format!("{name} is {value}"),
            (Some(rival), _) => {
                format!("{name} must differ from {}", self.name_in_full(rival, event))
            }
            _ => format!("{name} has two values"),
        };
        let constraint = match rival {
            None => self.transcript.name_constraint(variable),
            Some(_) => None,
        };
        Some(Why::Value { reason, event, constraint })
    }

    /// A line that would fit if a hole had another kind or bound.
    fn refused(&self, line: usize, free: &[usize]) -> Option<Why> {
        let variables = &self.transcript.variables;
        let text = self.table.lines[line];
        free.iter().find_map(|&event| {
            let values = self.loosely(event, text)?;
            let mut holes = self.table.holes(event).iter().zip(values);
            let (&variable, value) =
                holes.find(|(variable, value)| !variables[**variable].admits(value))?;
            let reason = format!("{} cannot be {value}", self.transcript.written(variable));
            let constraint = match variables[variable].keeps_bound(value) {
                true => None,
                false => self.transcript.bound_constraint(variable),
            };
            Some(Why::Value { reason, event, constraint })
        })
    }

    /// What an event's holes would hold if they took any text; none if the literals do not fit.
    fn loosely<'l>(&self, event: usize, text: &'l str) -> Option<Vec<&'l str>> {
        let pattern = &self.transcript.events[event].pattern;
        readings(pattern, &self.loose, text).ways.into_iter().next()
    }

    /// A line that differs from an expected one only in characters that a reader does not see.
    fn invisible(&self, line: usize, free: &[usize]) -> Option<Why> {
        let text = self.table.lines[line];
        let seems = as_it_seems(text);
        let of_line: Vec<char> = overlooked(text).collect();
        free.iter().find_map(|&event| {
            let literals = self.transcript.events[event].pattern.iter().filter_map(Piece::literal);
            let of_event: Vec<char> = literals.flat_map(overlooked).collect();
            let too_many = of_line.iter().find(|c| !of_event.contains(c));
            let too_few = of_event.iter().find(|c| !of_line.contains(c));
            let difference = match (too_many, too_few) {
                (Some(c), _) => c.escape_default().to_string(),
                (None, Some(c)) => format!("a missing {}", c.escape_default()),
                (None, None) => return None,
            };
            let pattern = self.seeming(event);
            // A space at the end is invisible too.
            let fits = [seems.as_str(), seems.trim_end()].iter().any(|seems| {
                !readings(&pattern, &self.transcript.variables, seems).ways.is_empty()
            });
            let reason = || format!("but for {difference} it would be {}", self.expected(event));
            fits.then(|| Why::Value { reason: reason(), event, constraint: None })
        })
    }

    /// An event's text without characters that a reader does not see.
    fn seeming(&self, event: usize) -> Vec<Piece> {
        let seems = |piece: &Piece| match piece {
            Piece::Text(text) => Piece::Text(as_it_seems(text)),
            Piece::Hole(hole) => Piece::Hole(*hole),
        };
        self.transcript.events[event].pattern.iter().map(seems).collect()
    }

    /// A variable's name, with its lane if `event` has a variable of the same name.
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

    fn due(&self, event: usize, line: usize) -> bool {
        let printed = |event: usize| self.assignment.line_of[event].is_some_and(|at| at < line);
        let mut before = self.transcript.order.direct(event);
        if !before.iter().all(|&event| self.table.certain(event)) {
            // Optional events must not hide a required one.
            before = self.transcript.order.covering(event, |event| self.table.certain(event));
        }
        !printed(event) && before.into_iter().all(printed)
    }

    /// An event as the transcript shows it, with the known values.
    fn expected(&self, event: usize) -> String {
        let value = |variable: usize| self.table.value(&self.assignment.bound, variable);
        let text = self.transcript.fill(event, value);
        format!("{} | \"{text}\"", self.transcript.lanes[self.transcript.events[event].lane])
    }

    fn expected_next(&self, line: usize) -> String {
        let due = (0..self.transcript.events.len()).filter(|&event| self.due(event, line));
        let (certain, possible): (Vec<usize>, Vec<usize>) =
            due.partition(|&event| self.table.certain(event));
        let listed = |events: &[usize]| {
            let few: Vec<String> =
                events.iter().take(3).map(|&event| self.expected(event)).collect();
            match events.len().saturating_sub(few.len()) {
                0 => few.join(" or "),
                more => format!("{} or one of {more} more", few.join(" or ")),
            }
        };
        match (certain.is_empty(), possible.is_empty()) {
            (false, _) => format!("expected next: {}", listed(&certain)),
            (true, false) => format!("expected nothing more, unless it is {}", listed(&possible)),
            (true, true) => "expected nothing more".to_owned(),
        }
    }
}

/// The line with each number replaced: equal for lines that differ only in their numbers.
fn without_numbers(line: &str) -> String {
    let mut shape = String::new();
    for c in line.chars() {
        match c.is_ascii_digit() {
            true if shape.ends_with('#') => {}
            true => shape.push('#'),
            false => shape.push(c),
        }
    }
    shape
}

fn times(count: usize) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        _ => format!("{count} times"),
    }
}
