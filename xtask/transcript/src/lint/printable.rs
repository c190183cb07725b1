//! Can any event print a rule's text?

use std::collections::HashSet;

use super::atoms::{Atom, Place, SAMPLE, atoms};
use crate::model::{Event, Kind, Piece, RulePiece, Transcript, captures, in_word};

/// The most pairs of a text and an event that are looked at, over all rules: far more than a person would write.
const MOST_PAIRS: usize = 2_000_000;

/// The most of these pairs that are read character by character.
const MOST_READ: usize = 50_000;

/// Looks up the texts of rules. After too much work it assumes that the remaining texts are printable.
pub(crate) struct Printable<'t> {
    transcript: &'t Transcript,
    /// The literals of each event; none if a hole of it takes words.
    literals: Vec<Option<String>>,
    pairs: usize,
    read: usize,
}

impl<'t> Printable<'t> {
    pub(crate) fn new(transcript: &'t Transcript) -> Self {
        let literals = |event: &Event| {
            let piece = |piece: &Piece| match piece {
                Piece::Text(literal) => Some(literal.clone()),
                Piece::Hole(hole) => {
                    transcript.variables[*hole].kind.counts().then(|| " ".to_owned())
                }
            };
            event.pattern.iter().map(piece).collect()
        };
        let literals = transcript.events.iter().map(literals).collect();
        Printable { transcript, literals, pairs: 0, read: 0 }
    }

    /// Whether any event can print a line that contains the text as whole words.
    pub(crate) fn printable(&mut self, text: &[RulePiece], names: &[(String, Kind)]) -> bool {
        self.by_event(text, names).any(|printable| printable)
    }

    /// Whether each event can print such a line.
    pub(super) fn by_event<'p>(
        &'p mut self,
        text: &'p [RulePiece],
        names: &'p [(String, Kind)],
    ) -> impl Iterator<Item = bool> + use<'p, 't> {
        let phrase: Vec<Atom<'_>> = text
            .iter()
            .map(|piece| match piece {
                RulePiece::Text(text) => Atom::Text(text),
                RulePiece::Hole(name) => Atom::Hole(&names[*name].1),
            })
            .collect();
        let texts = text.iter().filter_map(|piece| match piece {
            RulePiece::Text(text) => Some(text),
            RulePiece::Hole(_) => None,
        });
        let words = texts.flat_map(|text| text.split(|c: char| !c.is_alphabetic()));
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        (0..self.transcript.events.len()).map(move |event| {
            self.pairs += 1;
            // If no hole takes words, letters come only from literals.
            let literals = self.literals[event].as_deref();
            let may = literals.is_none_or(|text| words.iter().all(|word| text.contains(word)));
            self.read += usize::from(may);
            self.pairs > MOST_PAIRS
                || self.read > MOST_READ
                || may && self.prints(event, text, names, &phrase)
        })
    }

    fn prints(
        &self,
        event: usize,
        text: &[RulePiece],
        names: &[(String, Kind)],
        phrase: &[Atom<'_>],
    ) -> bool {
        match &self.transcript.events[event].pattern[..] {
            [Piece::Text(line)] => !captures(text, names, line).is_empty(),
            _ => prints(&atoms(self.transcript, event), phrase),
        }
    }
}

/// How much of the text was read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Phase {
    Before,
    In(Place),
}

fn prints(event: &[Atom<'_>], phrase: &[Atom<'_>]) -> bool {
    let start = Place::start();
    let mut open = vec![(start.clone(), Phase::Before, false)];
    let mut seen = HashSet::new();
    while let Some(state) = open.pop() {
        if !seen.insert(state.clone()) {
            continue;
        }
        let (place, phase, word) = state;
        let inside = match &phase {
            Phase::Before => &start,
            Phase::In(inside) => inside,
        };
        let read = inside.ends(phrase);
        if place.ends(event) {
            if read {
                return true;
            }
            continue;
        }
        if phase == Phase::Before
            && let Some(last) = skipped(event.get(place.atom), phrase)
        {
            // The values of a range are many, and none of them matters.
            let next = last.map(|c| (Place::at(place.atom + 1), Phase::Before, in_word(c)));
            open.extend(next);
            continue;
        }
        let chars = match place.literal(event) {
            Some(c) => vec![c],
            None => SAMPLE.chars().chain(inside.literal(phrase)).collect(),
        };
        for c in chars {
            let parted = !(word && in_word(c));
            for next in place.after(event, c) {
                // The rest of the event can always be printed.
                if read && parted {
                    return true;
                }
                if phase == Phase::Before {
                    open.push((next.clone(), Phase::Before, in_word(c)));
                }
                if phase != Phase::Before || parted {
                    let inside = inside.after(phrase, c);
                    open.extend(
                        inside
                            .into_iter()
                            .map(|place| (next.clone(), Phase::In(place), in_word(c))),
                    );
                }
            }
        }
    }
    false
}

/// If the phrase cannot begin inside the hole: what its last character may be, a digit or another sort.
fn skipped<'a>(
    hole: Option<&Atom<'a>>,
    phrase: &[Atom<'_>],
) -> Option<impl Iterator<Item = char> + use<'a>> {
    let (Some(Atom::Hole(kind)), Some(Atom::Text(text))) = (hole, phrase.first()) else {
        return None;
    };
    let (kind, first) = (*kind, text.chars().next()?);
    let ends = |kind: &Kind, c: char| match kind {
        Kind::Range(..) => c.is_ascii_digit(),
        _ => kind.allows(c),
    };
    (!kind.allows(first)).then(|| SAMPLE.chars().filter(move |c| ends(kind, *c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_behind_holes_that_it_cannot_begin_in() {
        let range = Kind::Range(455, 999);
        let event = |kind, text| [Atom::Text("x "), Atom::Hole(kind), Atom::Text(text)];
        for (kind, text, phrase, expected) in [
            (&range, " left", "left", true),
            (&range, " left", "eft", false),
            (&range, "left", "left", false),
            (&range, "left", "999left", true),
            (&range, " left", "x", true),
            (&range, " left", "right", false),
            (&range, ", left", ", left", true),
            (&Kind::Pid, "left", "left", false),
            (&Kind::Int, "left", "left", true),
            (&Kind::Secs, "left", "left", true),
            (&Kind::Word, "left", "right", true),
        ] {
            let found = prints(&event(kind, text), &[Atom::Text(phrase)]);
            assert_eq!(found, expected, "{phrase:?} in {text:?} behind {kind:?}");
        }
    }
}
