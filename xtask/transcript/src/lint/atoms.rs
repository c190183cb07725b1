//! Texts with holes, read character by character, in all possible ways at the same time.

use crate::model::{Kind, Piece, Transcript};

/// A part of a text.
#[derive(Debug, Clone, Copy)]
pub(super) enum Atom<'a> {
    Text(&'a str),
    Hole(&'a Kind),
}

/// A place inside a text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Place {
    pub(super) atom: usize,
    /// The byte of a literal.
    byte: usize,
    /// Whether a hole has begun.
    pub(super) begun: bool,
    /// The part of a range's value that was read.
    digits: String,
}

/// One character of each sort that kinds tell apart, and each digit.
pub(super) const SAMPLE: &str = "0123456789-.a ,";

pub(super) fn atoms(transcript: &Transcript, event: usize) -> Vec<Atom<'_>> {
    let pieces = transcript.events[event].pattern.iter();
    let atom = pieces.map(|piece| match piece {
        Piece::Text(text) => Atom::Text(text),
        Piece::Hole(variable) => Atom::Hole(&transcript.variables[*variable].kind),
    });
    atom.collect()
}

impl Place {
    pub(super) fn start() -> Place {
        Place::at(0)
    }

    pub(super) fn at(atom: usize) -> Place {
        Place { atom, byte: 0, begun: false, digits: String::new() }
    }

    pub(super) fn ends(&self, atoms: &[Atom<'_>]) -> bool {
        self.atom == atoms.len()
    }

    /// The one character that can come next, if it is a literal's.
    pub(super) fn literal(&self, atoms: &[Atom<'_>]) -> Option<char> {
        match atoms.get(self.atom) {
            Some(Atom::Text(text)) => text[self.byte..].chars().next(),
            _ => None,
        }
    }

    /// Each place after one more character, which is `c`.
    pub(super) fn after(&self, atoms: &[Atom<'_>], c: char) -> Vec<Place> {
        match atoms.get(self.atom) {
            None => Vec::new(),
            Some(Atom::Text(text)) => {
                let byte = self.byte + c.len_utf8();
                match self.literal(atoms) == Some(c) {
                    true if byte == text.len() => vec![Place::at(self.atom + 1)],
                    true => vec![Place { byte, ..self.clone() }],
                    false => Vec::new(),
                }
            }
            Some(Atom::Hole(kind)) => self.after_in_hole(kind, c),
        }
    }

    fn after_in_hole(&self, kind: &Kind, c: char) -> Vec<Place> {
        let mut digits = self.digits.clone();
        let mut ends = true;
        if let Kind::Range(from, to) = kind {
            digits.push(c);
            if !begins(*from, *to, &digits) {
                return Vec::new();
            }
            ends = kind.admits(&digits);
        }
        if !kind.allows(c) {
            return Vec::new();
        }
        let on = Place { begun: true, digits, ..self.clone() };
        if ends { vec![Place::at(self.atom + 1), on] } else { vec![on] }
    }
}

/// Whether a number of the range begins with these characters.
fn begins(from: i64, to: i64, digits: &str) -> bool {
    if digits == "-" {
        return from < 0;
    }
    let Some(number) = digits.parse::<i64>().ok().filter(|number| number.to_string() == digits)
    else {
        return false;
    };
    let longest = from.to_string().len().max(to.to_string().len());
    let more = longest.saturating_sub(digits.len()) as u32;
    (0..=if number == 0 { 0 } else { more }).any(|more| {
        let size = 10i64.pow(more);
        let least = number.saturating_mul(size);
        let rest = if number < 0 { 1 - size } else { size - 1 };
        let (least, most) = (least.min(least + rest), least.max(least + rest));
        least <= to && most >= from
    })
}

#[cfg(test)]
mod tests {
    use super::begins;

    #[test]
    fn what_a_number_of_a_range_begins_with() {
        for (from, to) in [(1, 3), (8, 12), (-12, -3), (-1, 1), (95, 130), (0, 0)] {
            let all: Vec<String> = (from..=to).map(|n: i64| n.to_string()).collect();
            for digits in
                ["-", "0", "1", "2", "9", "10", "13", "-0", "-1", "-2", "00", "01", "99", "100"]
            {
                let expected = all.iter().any(|number| number.starts_with(digits));
                assert_eq!(begins(from, to, digits), expected, "{digits} in {from}..={to}");
            }
        }
    }
}
