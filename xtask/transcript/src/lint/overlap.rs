//! Can two events print the same line?

use std::collections::HashSet;

use crate::model::{Kind, Piece, Times, Transcript};

/// Whether some line fits both texts. A range counts as any number.
pub(crate) fn overlap(transcript: &Transcript, one: usize, other: usize) -> bool {
    Overlap { transcript, one, other }.exists()
}

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
        let (Some(one), Some(other)) =
            (self.pattern(self.one).get(left.0), self.pattern(self.other).get(right.0))
        else {
            return;
        };
        match (one, other) {
            (Piece::Text(a), Piece::Text(b)) => {
                let (a, b) = (a[left.1..].chars().next(), b[right.1..].chars().next());
                if a == b {
                    open.push((self.along(self.one, left), self.along(self.other, right), false));
                }
            }
            (Piece::Hole(hole), Piece::Text(text)) => {
                if text[right.1..].chars().next().is_some_and(|c| self.kind(*hole).allows(c)) {
                    let right = self.along(self.other, right);
                    open.push(((left.0, 1), right, false));
                    open.push(((left.0 + 1, 0), right, false));
                }
            }
            (Piece::Text(text), Piece::Hole(hole)) => {
                if text[left.1..].chars().next().is_some_and(|c| self.kind(*hole).allows(c)) {
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
        if at.1 + length == text.len() { (at.0 + 1, 0) } else { (at.0, at.1 + length) }
    }

    fn share_a_character(&self, a: usize, b: usize) -> bool {
        let sample = "0123456789-.x";
        sample.chars().any(|c| self.kind(a).allows(c) && self.kind(b).allows(c))
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
