//! An output that a run should print.

use std::collections::BTreeMap;

use crate::run::End;

/// An output that [`Steer`](crate::Steer) looks for.
///
/// A line may have places for values that no one can foresee: `#1`, `#2` ... Such a place takes any text. The same
/// place takes the same text again, and two places never take the same process, as in `<0.1>`. The shape of an output
/// that a transcript has accepted is written like this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    lines: Vec<Vec<Piece>>,
    end: End,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Value(usize),
}

/// What each place has taken so far.
pub(crate) type Values = BTreeMap<usize, String>;

impl Wanted {
    /// An output of these lines, by a run that finishes.
    pub fn new<L: AsRef<str>>(lines: impl IntoIterator<Item = L>) -> Wanted {
        let lines = lines.into_iter().map(|line| pieces(line.as_ref())).collect();
        Wanted { lines, end: End::Finished }
    }

    /// The same output, by a run that ends in this way.
    pub fn ending(self, end: End) -> Wanted {
        Wanted { end, ..self }
    }

    pub(crate) fn len(&self) -> usize {
        self.lines.len()
    }

    pub(crate) fn end(&self) -> End {
        self.end
    }

    /// What the places have taken if these are the next lines, from line `next` on. None if they are not.
    pub(crate) fn after<'l>(
        &self,
        next: usize,
        lines: impl Iterator<Item = &'l str>,
        values: &Values,
    ) -> Option<(usize, Values)> {
        let mut after = (next, values.clone());
        for line in lines {
            let pieces = self.lines.get(after.0)?;
            after = (after.0 + 1, read(pieces, line, &after.1)?);
        }
        Some(after)
    }
}

/// Divides a line at its places.
fn pieces(line: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('#') {
        text.push_str(before);
        let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        match after[..digits].parse() {
            Ok(place) => {
                pieces.extend([Piece::Text(std::mem::take(&mut text)), Piece::Value(place)]);
            }
            Err(_) => text.push_str(&rest[before.len()..=before.len() + digits]),
        }
        rest = &after[digits..];
    }
    pieces.push(Piece::Text(text + rest));
    pieces
}

/// Reads a line as these pieces. A value is as short as it can be.
fn read(pieces: &[Piece], line: &str, values: &Values) -> Option<Values> {
    match pieces {
        [] => line.is_empty().then(|| values.clone()),
        [Piece::Text(text), rest @ ..] => read(rest, line.strip_prefix(text.as_str())?, values),
        [Piece::Value(place), rest @ ..] => {
            if let Some(value) = values.get(place) {
                return read(rest, line.strip_prefix(value.as_str())?, values);
            }
            let ends = line.char_indices().map(|(start, c)| start + c.len_utf8());
            ends.filter(|&end| !is_taken(&line[..end], values)).find_map(|end| {
                let mut values = values.clone();
                values.insert(*place, line[..end].to_owned());
                read(rest, &line[end..], &values)
            })
        }
    }
}

/// Whether a text is a process that another place has taken.
fn is_taken(text: &str, values: &Values) -> bool {
    text.starts_with('<') && text.ends_with('>') && values.values().any(|value| value == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(wanted: &[&str], lines: &[&str]) -> bool {
        let wanted = Wanted::new(wanted);
        let after = wanted.after(0, lines.iter().copied(), &Values::new());
        after.is_some_and(|(next, _)| next == wanted.len())
    }

    #[test]
    fn a_place_takes_one_value() {
        let wanted = ["#1 forked #2", "#2 child of #1", "took #3 s"];
        assert!(fits(&wanted, &["<0> forked <0.1>", "<0.1> child of <0>", "took 0.25 s"]));
        assert!(!fits(&wanted, &["<0> forked <0.1>", "<0.2> child of <0>", "took 0.25 s"]));
        assert!(!fits(&wanted, &["<0> forked <0.1>", "<0.1> child of <0>", "took s"]));
    }

    #[test]
    fn two_places_take_two_processes_but_perhaps_one_time() {
        assert!(!fits(&["#1 and #2"], &["<0> and <0>"]));
        assert!(fits(&["#1 and #2"], &["0.5 and 0.5"]));
    }

    #[test]
    fn all_else_is_text() {
        assert!(fits(&["# no place", "#x", "a##1b", "é#"], &["# no place", "#x", "a#1b", "é#"]));
        assert!(!fits(&["#x"], &["#y"]));
        assert!(!fits(&["a"], &["ab"]));
        assert!(fits(&["#1b#2"], &["abbb"]));
        assert!(fits(&[], &[]));
    }
}
