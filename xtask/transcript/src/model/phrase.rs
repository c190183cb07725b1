//! Which lines a rule's text occurs in, and with which values.

use std::collections::BTreeSet;

use super::Kind;
use super::rule::{RulePiece, Values};

/// Each choice of values for which `line` contains the text, once.
pub(crate) fn captures(
    pieces: &[RulePiece],
    names: &[(String, Kind)],
    line: &str,
) -> BTreeSet<Values> {
    let mut phrase =
        Phrase { names, line, values: vec![None; names.len()], found: BTreeSet::new() };
    for (start, _) in line.char_indices() {
        phrase.read(pieces, start);
    }
    phrase.found
}

struct Phrase<'a> {
    names: &'a [(String, Kind)],
    line: &'a str,
    values: Values,
    found: BTreeSet<Values>,
}

impl Phrase<'_> {
    /// Reads the pieces from byte `at` on, in every way.
    fn read(&mut self, pieces: &[RulePiece], at: usize) {
        match pieces {
            [] => {
                self.found.insert(self.values.clone());
            }
            [RulePiece::Text(text), rest @ ..] => {
                if self.line[at..].starts_with(text.as_str()) {
                    self.read(rest, at + text.len());
                }
            }
            [RulePiece::Hole(hole), rest @ ..] => self.read_hole(*hole, rest, at),
        }
    }

    fn read_hole(&mut self, hole: usize, rest: &[RulePiece], at: usize) {
        let kind = self.names[hole].1;
        // A value is read whole: no 2 out of 12, and no 1 either.
        if self.line[..at].chars().next_back().is_some_and(|c| kind.allows(c)) {
            return;
        }
        let allowed = self.line[at..].chars().take_while(|&c| kind.allows(c));
        let mut end = at;
        let ends = allowed.map(|c| {
            end += c.len_utf8();
            end
        });
        let mut ends: Vec<usize> = ends.filter(|&end| kind.admits(&self.line[at..end])).collect();
        if rest.is_empty() {
            ends.drain(..ends.len().saturating_sub(1));
        }
        for end in ends {
            let value = &self.line[at..end];
            if self.values[hole].as_deref().is_none_or(|known| known == value) {
                let before = self.values[hole].replace(value.to_owned());
                self.read(rest, end);
                self.values[hole] = before;
            }
        }
    }
}
