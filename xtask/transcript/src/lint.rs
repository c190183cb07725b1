//! What is legal to write and better not written.

use std::collections::HashSet;
use std::fmt;

use crate::model::{Kind, Piece, Transcript};
use crate::syntax::Times;

/// A weakness of a transcript. Displayed as `file:line: message`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lint {
    /// What [`Transcript::parse`] was told the file is called.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// What is weak, and what to do.
    pub message: String,
}

impl fmt::Display for Lint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {}", self.file, self.line, self.message)
    }
}

impl Transcript {
    /// Warns where two unordered events can print the same line: which of them did, no one can tell.
    pub fn lint(&self) -> Vec<Lint> {
        let mut told = HashSet::new();
        let pairs = self
            .ambiguous_pairs()
            .filter(|&(one, other)| told.insert((self.events[one].line, self.events[other].line)));
        let lint = |(one, other): (usize, usize)| {
            let lane = |event: usize| self.lanes[self.events[event].lane].as_str();
            let message = format!(
                "lanes {} and {} can print the same line here and in line {}: print something that tells them apart",
                lane(one),
                lane(other),
                self.events[other].line
            );
            Lint {
                file: self.name.clone(),
                line: self.events[one].line,
                message,
            }
        };
        pairs.map(lint).collect()
    }

    /// Unordered events that can claim the same line, in the order of the file.
    pub(crate) fn ambiguous_pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        let events = 0..self.events.len();
        let pairs =
            events.flat_map(move |one| (one + 1..self.events.len()).map(move |other| (one, other)));
        let pairs = pairs.filter(|&(one, other)| {
            self.order.unordered(one, other) || self.optional_neighbours(one, other)
        });
        pairs.filter(|&(one, other)| {
            Overlap {
                transcript: self,
                one,
                other,
            }
            .exists()
        })
    }

    /// An optional event and what its own lane prints next: the same line could be either.
    fn optional_neighbours(&self, one: usize, other: usize) -> bool {
        self.events[one].times != Times::Once || self.events[other].times != Times::Once
    }

    /// Whether a `*|` event can claim the line that its lane prints next: where it ends, no one could tell.
    pub(crate) fn endless(&self) -> Option<usize> {
        let repeated =
            (0..self.events.len()).filter(|&event| self.events[event].times == Times::Many);
        let next = |event: usize| {
            let lane = &self.order.lanes[self.events[event].lane];
            let mut rest = lane[self.order.position[event] as usize + 1..]
                .iter()
                .copied();
            let mut following = Vec::new();
            for event in rest.by_ref() {
                following.push(event);
                if self.events[event].times == Times::Once {
                    break;
                }
            }
            following
        };
        repeated.into_iter().find(|&event| {
            next(event).into_iter().any(|other| {
                Overlap {
                    transcript: self,
                    one: event,
                    other,
                }
                .exists()
            })
        })
    }
}

/// The question whether two events can print the same line.
struct Overlap<'t> {
    transcript: &'t Transcript,
    one: usize,
    other: usize,
}

/// A place inside an event's text: the piece, and the byte of a literal or whether a hole has begun.
type At = (usize, usize);

impl Overlap<'_> {
    fn exists(&self) -> bool {
        let mut seen = HashSet::new();
        let mut open = vec![((0, 0), (0, 0), false)];
        while let Some(place) = open.pop() {
            if !seen.insert(place) {
                continue;
            }
            let (left, right, together) = place;
            let (left_ends, right_ends) = (self.ends(self.one, left), self.ends(self.other, right));
            if left_ends && right_ends {
                return true;
            }
            self.steps(left, right, together, &mut open);
        }
        false
    }

    fn pattern(&self, event: usize) -> &[Piece] {
        &self.transcript.events[event].pattern
    }

    fn ends(&self, event: usize, at: At) -> bool {
        at.0 == self.pattern(event).len()
    }

    /// One more character on both sides, in all ways; `together` if two holes began at the same place.
    fn steps(&self, left: At, right: At, together: bool, open: &mut Vec<(At, At, bool)>) {
        let (Some(one), Some(other)) = (
            self.pattern(self.one).get(left.0),
            self.pattern(self.other).get(right.0),
        ) else {
            return;
        };
        match (one, other) {
            (Piece::Text(a), Piece::Text(b)) => {
                let (a, b) = (a[left.1..].chars().next(), b[right.1..].chars().next());
                if a == b {
                    open.push((
                        self.along(self.one, left),
                        self.along(self.other, right),
                        false,
                    ));
                }
            }
            (Piece::Hole(hole), Piece::Text(text)) => {
                if text[right.1..]
                    .chars()
                    .next()
                    .is_some_and(|c| self.kind(*hole).allows(c))
                {
                    let right = self.along(self.other, right);
                    open.push(((left.0, 1), right, false));
                    open.push(((left.0 + 1, 0), right, false));
                }
            }
            (Piece::Text(text), Piece::Hole(hole)) => {
                if text[left.1..]
                    .chars()
                    .next()
                    .is_some_and(|c| self.kind(*hole).allows(c))
                {
                    let left = self.along(self.one, left);
                    open.push((left, (right.0, 1), false));
                    open.push((left, (right.0 + 1, 0), false));
                }
            }
            (Piece::Hole(a), Piece::Hole(b)) => {
                let together = if left.1 == 0 && right.1 == 0 {
                    true
                } else {
                    together && left.1 == 1 && right.1 == 1
                };
                if !self.share_a_character(*a, *b) {
                    return;
                }
                open.push(((left.0, 1), (right.0, 1), together));
                open.push(((left.0 + 1, 0), (right.0, 1), false));
                open.push(((left.0, 1), (right.0 + 1, 0), false));
                if !(together && self.must_differ(*a, *b)) {
                    open.push(((left.0 + 1, 0), (right.0 + 1, 0), false));
                }
            }
        }
    }

    fn kind(&self, variable: usize) -> Kind {
        self.transcript.variables[variable].kind
    }

    /// Past the next character of a literal.
    fn along(&self, event: usize, at: At) -> At {
        let Piece::Text(text) = &self.pattern(event)[at.0] else {
            return (at.0 + 1, 0);
        };
        let length = text[at.1..].chars().next().map_or(0, char::len_utf8);
        if at.1 + length == text.len() {
            (at.0 + 1, 0)
        } else {
            (at.0, at.1 + length)
        }
    }

    fn share_a_character(&self, a: usize, b: usize) -> bool {
        let sample = "0123456789-.x";
        sample
            .chars()
            .any(|c| self.kind(a).allows(c) && self.kind(b).allows(c))
    }

    /// Two pids that differ, one of which is known before its line is printed.
    fn must_differ(&self, a: usize, b: usize) -> bool {
        // Once both can happen, all that precedes either of them has.
        let order = &self.transcript.order;
        let earlier =
            |event: usize| order.precedes(event, self.one) || order.precedes(event, self.other);
        let certain = |event: usize| self.transcript.events[event].times == Times::Once;
        let known = |variable: usize| {
            let mentions =
                |event: usize| self.transcript.variables_of(event).any(|v| v == variable);
            (0..self.transcript.events.len())
                .any(|event| earlier(event) && certain(event) && mentions(event))
        };
        let same_kind = self.kind(a) == self.kind(b) && self.kind(a).distinct();
        a != b && same_kind && (known(a) || known(b))
    }
}
