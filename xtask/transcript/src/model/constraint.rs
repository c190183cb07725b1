//! The elements of a transcript that forbid something, and the transcript without one of them.

use std::collections::BTreeSet;
use std::fmt;

use super::order::Order;
use super::transcript::{Piece, SourcePart, Transcript};
use super::value::Kind;

/// One element of a transcript that forbids something. Displayed as `the arrow child -> parent, line 7`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Constraint {
    /// Its line in the file, from 1; for a name, the line that binds it.
    pub line: usize,
    /// What sort of element it is.
    pub kind: ConstraintKind,
    /// As written: `child -> parent`, `always "starts" <= 2`, `t:secs >= 1.0`, `p`.
    pub text: String,
}

/// The sorts of elements that forbid something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ConstraintKind {
    /// An arrow or a barrier.
    Arrow,
    /// A rule about each run.
    Rule,
    /// A rule about several runs, `seen`. It forbids no output, but it forbids that no run satisfies it.
    Seen,
    /// The bound of a value, but not the upper bound of a duration, which only warns.
    Bound,
    /// A name that is used again, for the same value.
    Name,
}

impl fmt::Display for Constraint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Constraint { line, text, .. } = self;
        match self.kind {
            ConstraintKind::Arrow if text == "---" => write!(out, "the barrier, line {line}"),
            ConstraintKind::Arrow => write!(out, "the arrow {text}, line {line}"),
            ConstraintKind::Rule | ConstraintKind::Seen => {
                write!(out, "the rule {text}, line {line}")
            }
            ConstraintKind::Bound => write!(out, "the bound {text}, line {line}"),
            ConstraintKind::Name => {
                write!(out, "the name {text}, which has one value, line {line}")
            }
        }
    }
}

impl Transcript {
    /// All elements that forbid something, beyond the texts of the lines and the order of each lane, in the order of
    /// the file. An element in a loop counts once.
    ///
    /// ```
    /// use transcript::Transcript;
    ///
    /// let text = "child | {c:pid} works\nchild -> parent\nparent | {c} has ended\n";
    /// let transcript = Transcript::parse("join.txt", text)?;
    /// let constraints: Vec<String> =
    ///     transcript.constraints().iter().map(ToString::to_string).collect();
    /// assert_eq!(
    ///     constraints,
    ///     ["the name c, which has one value, line 1", "the arrow child -> parent, line 2"]
    /// );
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn constraints(&self) -> Vec<Constraint> {
        let arrows = self.arrows.iter().map(|arrow| self.arrow_constraint(arrow.line));
        let rules = self.rules.iter().map(|rule| self.rule_constraint(rule.line));
        let seen = self.seen.iter().map(|seen| self.seen_constraint(seen.line()));
        let variables = 0..self.variables.len();
        let bounds = variables.clone().filter_map(|variable| self.bound_constraint(variable));
        let names = variables.filter_map(|variable| self.name_constraint(variable));
        let all = arrows.chain(rules).chain(seen).chain(bounds).chain(names);
        all.collect::<BTreeSet<Constraint>>().into_iter().collect()
    }

    pub(crate) fn arrow_constraint(&self, line: usize) -> Constraint {
        Constraint { line, kind: ConstraintKind::Arrow, text: self.source_line(line) }
    }

    pub(crate) fn rule_constraint(&self, line: usize) -> Constraint {
        Constraint { line, kind: ConstraintKind::Rule, text: self.source_line(line) }
    }

    pub(crate) fn seen_constraint(&self, line: usize) -> Constraint {
        Constraint { line, kind: ConstraintKind::Seen, text: self.source_line(line) }
    }

    /// The bound of a variable, if it refuses values.
    pub(crate) fn bound_constraint(&self, variable: usize) -> Option<Constraint> {
        let known = &self.variables[variable];
        if known.bound.is_none() || known.only_warns() {
            return None;
        }
        let &(event, _) = self.mentions(variable).first()?;
        let text = self.written(variable).trim_matches(['{', '}']).to_owned();
        Some(Constraint { line: self.events[event].line, kind: ConstraintKind::Bound, text })
    }

    /// The name of a variable, if it is mentioned more than once.
    pub(crate) fn name_constraint(&self, variable: usize) -> Option<Constraint> {
        let mentions = self.mentions(variable);
        let &(event, _) = mentions.first().filter(|_| mentions.len() > 1)?;
        let text = self.variables[variable].name.clone();
        Some(Constraint { line: self.events[event].line, kind: ConstraintKind::Name, text })
    }

    /// The same transcript without one of its constraints.
    pub(crate) fn without(&self, constraint: &Constraint) -> Transcript {
        let mut weaker = self.clone();
        match constraint.kind {
            ConstraintKind::Arrow => {
                weaker.arrows.retain(|arrow| arrow.line != constraint.line);
                let lane_of = weaker.events.iter().map(|event| event.lane).collect();
                weaker.order = Order::new(weaker.lanes.len(), lane_of, &weaker.arrows);
            }
            ConstraintKind::Rule => weaker.rules.retain(|rule| rule.line != constraint.line),
            ConstraintKind::Seen => weaker.seen.retain(|seen| seen.line() != constraint.line),
            ConstraintKind::Bound => {
                for variable in 0..self.variables.len() {
                    if self.bound_constraint(variable).as_ref() == Some(constraint) {
                        weaker.variables[variable].bound = None;
                    }
                }
            }
            ConstraintKind::Name => {
                for variable in 0..self.variables.len() {
                    if self.name_constraint(variable).as_ref() == Some(constraint) {
                        weaker.tell_apart(variable, &self.mentions(variable));
                    }
                }
            }
        }
        weaker
    }

    /// Gives each mention of a variable, except the first, a separate variable.
    fn tell_apart(&mut self, variable: usize, mentions: &[(usize, usize)]) {
        for &(event, piece) in &mentions[1..] {
            let mut own = self.variables[variable].clone();
            own.needed = false;
            if own.kind.distinct() {
                // Unlike two pids, two numbers may be the same.
                own.kind = Kind::Int;
            }
            self.variables.push(own);
            self.events[event].pattern[piece] = Piece::Hole(self.variables.len() - 1);
        }
    }

    /// Each mention of a variable: the event, and the piece of its text.
    fn mentions(&self, variable: usize) -> Vec<(usize, usize)> {
        let events = self.events.iter().enumerate();
        let pieces = events.flat_map(|(index, event)| {
            event.pattern.iter().enumerate().map(move |(piece, what)| (index, piece, what))
        });
        let hole = Piece::Hole(variable);
        pieces.filter(|(.., what)| **what == hole).map(|(event, piece, _)| (event, piece)).collect()
    }

    /// The hole that binds a variable, as written: `{t:secs >= 1.0}`.
    pub(crate) fn written(&self, variable: usize) -> String {
        let hole = Piece::Hole(variable);
        let parts = self.events.iter().flat_map(|event| &event.source);
        let written = parts.filter_map(|part| match part {
            SourcePart::Hole { written, filled } if *filled == hole => Some(written.clone()),
            _ => None,
        });
        let bare = || format!("{{{}}}", self.variables[variable].name);
        written.into_iter().next().unwrap_or_else(bare)
    }

    fn source_line(&self, line: usize) -> String {
        self.text.lines().nth(line - 1).unwrap_or_default().trim().to_owned()
    }
}
