//! Can a rule depend on unforeseeable values?
//!
//! Counting replaces such a value by a symbol. This is right if a rule's text never overlaps the value. It is wrong
//! here: `"thread A"` may or may not be in `thread {t:word} up`.

use rustc_hash::FxHashSet;

use crate::model::{Kind, Piece, Rule, RulePiece, Term, Transcript};

/// Whether a rule's text can be in a line because of the value that a hole happens to have.
pub(super) fn unforeseen(transcript: &Transcript) -> bool {
    let texts = transcript.rules.iter().flat_map(|rule| {
        let terms = rule.left.iter().chain(&rule.right);
        terms.filter_map(move |(_, term)| match term {
            Term::Lines(pieces) => Some((rule, pieces)),
            _ => None,
        })
    });
    let mut texts = texts.flat_map(|(rule, pieces)| {
        (0..transcript.events.len()).map(move |event| (rule, pieces, event))
    });
    texts.any(|(rule, pieces, event)| Meeting::new(transcript, rule, pieces, event).exists())
}

/// A rule's text or an event's, character by character.
#[derive(Debug, Clone, Copy)]
enum Token<'a> {
    Char(char),
    Hole(&'a Kind),
}

struct Meeting<'a> {
    rule: Vec<Token<'a>>,
    line: Vec<Token<'a>>,
}

/// How far both texts were read, and whether a hole on either side has begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct At {
    rule: usize,
    in_rule_hole: bool,
    line: usize,
    in_line_hole: bool,
    /// Whether the match depends on a value so far.
    depends: bool,
}

impl<'a> Meeting<'a> {
    fn new(
        transcript: &'a Transcript,
        rule: &'a Rule,
        pieces: &'a [RulePiece],
        event: usize,
    ) -> Meeting<'a> {
        let mut text = Vec::new();
        for piece in pieces {
            match piece {
                RulePiece::Text(literal) => text.extend(literal.chars().map(Token::Char)),
                RulePiece::Hole(name) => text.push(Token::Hole(&rule.names[*name].1)),
            }
        }
        let mut line = Vec::new();
        for piece in &transcript.events[event].pattern {
            match piece {
                Piece::Text(literal) => line.extend(literal.chars().map(Token::Char)),
                Piece::Hole(variable) => {
                    line.push(Token::Hole(&transcript.variables[*variable].kind));
                }
            }
        }
        Meeting { rule: text, line }
    }

    fn exists(&self) -> bool {
        let mut seen = FxHashSet::default();
        let mut open = Vec::new();
        for line in 0..self.line.len() {
            for in_line_hole in [false, true] {
                let at = At { rule: 0, in_rule_hole: false, line, in_line_hole, depends: false };
                if !in_line_hole || matches!(self.line[line], Token::Hole(_)) {
                    open.push(at);
                }
            }
        }
        while let Some(at) = open.pop() {
            if at.rule == self.rule.len() {
                if at.depends {
                    return true;
                }
            } else if at.line < self.line.len() && seen.insert(at) {
                self.steps(at, &mut open);
            }
        }
        false
    }

    /// One more character on both sides.
    fn steps(&self, at: At, open: &mut Vec<At>) {
        let foreseeable = |kind: &Kind| matches!(kind, Kind::Range(..));
        match (self.rule[at.rule], self.line[at.line]) {
            (Token::Char(one), Token::Char(other)) => {
                if one == other {
                    open.push(At { rule: at.rule + 1, line: at.line + 1, ..at });
                }
            }
            (Token::Char(c), Token::Hole(kind)) => {
                if kind.allows(c) {
                    let depends = at.depends || !foreseeable(kind);
                    let next = At { rule: at.rule + 1, depends, ..at };
                    open.push(At { in_line_hole: true, ..next });
                    open.push(At { line: at.line + 1, in_line_hole: false, ..next });
                }
            }
            (Token::Hole(kind), Token::Char(c)) => {
                if kind.allows(c) {
                    let next = At { line: at.line + 1, ..at };
                    open.push(At { in_rule_hole: true, ..next });
                    open.push(At { rule: at.rule + 1, in_rule_hole: false, ..next });
                }
            }
            (Token::Hole(name), Token::Hole(kind)) => {
                if name == kind && !at.in_rule_hole && at.in_line_hole {
                    // A value is read whole: 12 does not contain the value 2.
                    return;
                }
                let whole = !at.in_rule_hole && !at.in_line_hole;
                // Two pids are never equal, but two words may be.
                let same = whole && name == kind && kind.distinct();
                let both = At {
                    rule: at.rule + 1,
                    in_rule_hole: false,
                    line: at.line + 1,
                    in_line_hole: false,
                    ..at
                };
                open.push(At { depends: at.depends || !(same || foreseeable(kind)), ..both });
                if !same {
                    let depends = at.depends || !foreseeable(kind);
                    open.push(At {
                        line: both.line,
                        in_rule_hole: true,
                        in_line_hole: false,
                        depends,
                        ..at
                    });
                    open.push(At {
                        rule: both.rule,
                        in_rule_hole: false,
                        in_line_hole: true,
                        depends,
                        ..at
                    });
                }
            }
        }
    }
}
