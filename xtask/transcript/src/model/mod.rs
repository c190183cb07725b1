//! What a transcript is: events, the values their holes bind, rules, and the order between events.

mod order;
mod phrase;
mod rule;
mod symmetry;
mod value;

use std::fmt;

pub(crate) use order::{Arrow, Order};
pub use order::{Edge, Reason};
pub(crate) use rule::{Rule, RulePiece, Sign, Tally, Term, When};
pub(crate) use symmetry::{Member, Symmetry};
pub(crate) use value::{Bound, Comparison, Kind, Variable, is_symbol, symbol};

/// The expected output of one program: a partial order of lines.
///
/// ```
/// use transcript::{Timing, Transcript, Verdict};
///
/// let text = "a | left\nb | right\na, b -> c\nc | done\n";
/// let transcript = Transcript::parse("demo.txt", text)?;
/// assert_eq!(transcript.count().to_string(), "2");
/// let verdict = transcript.judge("right\nleft\ndone\n", Timing::Judged);
/// assert!(matches!(verdict, Verdict::Accepted(_)));
/// let verdict = transcript.judge("right\ndone\nleft\n", Timing::Judged);
/// assert!(matches!(verdict, Verdict::Rejected(_)));
/// # Ok::<(), transcript::ParseError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Transcript {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) command: Vec<String>,
    pub(crate) exits: i32,
    pub(crate) lanes: Vec<String>,
    pub(crate) events: Vec<Event>,
    pub(crate) variables: Vec<Variable>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) arrows: Vec<Arrow>,
    pub(crate) order: Order,
}

/// One line that a run prints.
#[derive(Debug, Clone)]
pub struct Event {
    /// Index into [`Transcript::lanes`].
    pub lane: usize,
    /// The line of the file that it comes from, from 1.
    pub line: usize,
    /// Its text with loop constants filled in and holes by name: `child {c}: exiting with 7`.
    pub text: String,
    /// How often it occurs.
    pub times: Times,
    /// Whether it is a claim about time, not judged where the machine stalled.
    pub timing: bool,
    pub(crate) pattern: Vec<Piece>,
    /// Its text as it stands in the file.
    pub(crate) source: Vec<SourcePart>,
}

/// A part of an event's text in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SourcePart {
    Text(String),
    /// A hole as written, and what fills it in this turn of its loops.
    Hole {
        written: String,
        filled: Piece,
    },
}

/// How often an event occurs in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    /// `lane | text`: exactly once.
    Once,
    /// `lane ?| text`: once or not at all.
    Optional,
    /// `lane *| text`: any number of times in a row, or not at all.
    Many,
}

/// A part of an event's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(String),
    /// Index into the variables.
    Hole(usize),
}

impl Transcript {
    /// What messages call the file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The words after `$`; empty if the file names no command.
    pub fn command(&self) -> &[String] {
        &self.command
    }

    /// The expected exit status.
    pub fn exits(&self) -> i32 {
        self.exits
    }

    /// In order of appearance.
    pub fn lanes(&self) -> &[String] {
        &self.lanes
    }

    /// In the order of the file, loops written out: one legal order.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Each rule as written, with its line.
    pub fn rules(&self) -> Vec<(usize, &str)> {
        self.rules.iter().map(|rule| (rule.line, rule.source.as_str())).collect()
    }

    /// Whether any event or rule is marked `timing`.
    pub fn claims_time(&self) -> bool {
        self.events.iter().any(|event| event.timing) || self.rules.iter().any(|rule| rule.timing)
    }

    /// The event's text with each hole replaced by what `value` knows of its variable, or by its name.
    pub(crate) fn fill<'v>(
        &self,
        event: usize,
        value: impl Fn(usize) -> Option<&'v str>,
    ) -> String {
        let mut text = String::new();
        for piece in &self.events[event].pattern {
            match piece {
                Piece::Text(literal) => text.push_str(literal),
                Piece::Hole(variable) => match value(*variable) {
                    Some(value) => text.push_str(value),
                    None => text.push_str(&format!("{{{}}}", self.variables[*variable].name)),
                },
            }
        }
        text
    }

    /// The variables that an event's text mentions.
    pub(crate) fn variables_of(&self, event: usize) -> impl Iterator<Item = usize> {
        self.events[event].pattern.iter().filter_map(|piece| match piece {
            Piece::Hole(variable) => Some(*variable),
            Piece::Text(_) => None,
        })
    }

    /// For each variable and lane how many events of the lane must have happened until the variable's value is of no
    /// further use.
    pub(crate) fn last_use(&self) -> Vec<Vec<u32>> {
        let mut last = vec![vec![0; self.lanes.len()]; self.variables.len()];
        for event in 0..self.events.len() {
            for variable in self.variables_of(event) {
                last[variable][self.events[event].lane] = self.order.position[event] + 1;
            }
        }
        // A rule asks at the very end.
        for variable in self.rules.iter().flat_map(Rule::variables) {
            last[variable].fill(u32::MAX);
        }
        last
    }

    /// `file:line`
    pub(crate) fn place(&self, line: usize) -> Place<'_> {
        Place(&self.name, line)
    }
}

pub(crate) struct Place<'a>(&'a str, usize);

impl fmt::Display for Place<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.0, self.1)
    }
}
