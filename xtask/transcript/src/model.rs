//! A transcript with its loops written out: events, variables, rules and the order between events.

use std::fmt;

use crate::error::ParseError;
use crate::order::{Arrow, Order};
use crate::rule::Rule;
pub use crate::syntax::Times;
use crate::syntax::{Bound, Comparison};

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

/// A part of an event's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(String),
    /// Index into the variables.
    Hole(usize),
}

/// What a hole binds.
#[derive(Debug, Clone)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) bound: Option<Bound>,
    /// Bound anew by each line of a `*|` event.
    pub(crate) fresh: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Pid,
    Tid,
    Int,
    Secs,
    Word,
    Range(i64, i64),
}

impl Kind {
    /// Whether two variables of this kind must differ: no two processes share a pid.
    pub(crate) fn distinct(self) -> bool {
        matches!(self, Kind::Pid | Kind::Tid)
    }

    /// Whether a value of this kind can contain `c`. Private-use characters stand for values nobody can foresee.
    pub(crate) fn allows(self, c: char) -> bool {
        match self {
            _ if is_symbol(c) => true,
            Kind::Pid | Kind::Tid => c.is_ascii_digit(),
            Kind::Int | Kind::Range(..) => c.is_ascii_digit() || c == '-',
            Kind::Secs => c.is_ascii_digit() || c == '.',
            Kind::Word => !c.is_whitespace(),
        }
    }

    /// Whether `text` as a whole is a value of this kind.
    pub(crate) fn admits(self, text: &str) -> bool {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if text.chars().any(is_symbol) {
            return text.chars().count() == 1;
        }
        match self {
            Kind::Pid | Kind::Tid => digits(text) && !text.starts_with('0'),
            Kind::Int => digits(text.strip_prefix('-').unwrap_or(text)),
            Kind::Secs => text
                .split_once('.')
                .map_or(digits(text), |(whole, part)| digits(whole) && digits(part)),
            Kind::Word => !text.is_empty() && !text.contains(char::is_whitespace),
            // Compared as text, so that 01 is not 1.
            Kind::Range(from, to) => text
                .parse::<i64>()
                .is_ok_and(|n| (from..=to).contains(&n) && n.to_string() == text),
        }
    }
}

impl Variable {
    /// Whether `text` may be this variable's value. An upper bound of a duration is no reason to refuse one.
    pub(crate) fn admits(&self, text: &str) -> bool {
        self.kind.admits(text) && (self.keeps_bound(text) || self.only_warns())
    }

    /// Whether `text` is within the bound, if there is one.
    pub(crate) fn keeps_bound(&self, text: &str) -> bool {
        let Some(bound) = self.bound else { return true };
        text.parse::<f64>()
            .map_or(true, |value| bound.comparison.holds(value, bound.limit))
    }

    fn only_warns(&self) -> bool {
        let upper =
            |bound: Bound| matches!(bound.comparison, Comparison::AtMost | Comparison::Below);
        self.kind == Kind::Secs && self.bound.is_some_and(upper)
    }
}

/// The first of the private-use characters that stand for unforeseeable values while outputs are counted.
pub(crate) const FIRST_SYMBOL: u32 = 0xF0000;

pub(crate) fn is_symbol(c: char) -> bool {
    c as u32 >= FIRST_SYMBOL
}

impl Transcript {
    /// Reads a transcript. `name` is what messages call the file.
    ///
    /// # Errors
    ///
    /// The first thing that is not understood, with its line, its column and what to write instead.
    pub fn parse(name: &str, text: &str) -> Result<Transcript, ParseError> {
        crate::expand::expand(name, text, &crate::parse::parse(name, text)?)
    }

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
        self.rules
            .iter()
            .map(|rule| (rule.line, rule.source.as_str()))
            .collect()
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
        self.events[event]
            .pattern
            .iter()
            .filter_map(|piece| match piece {
                Piece::Hole(variable) => Some(*variable),
                Piece::Text(_) => None,
            })
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
