//! Could a line be the new wording of an event, and what would its literal text be then?

use std::collections::BTreeMap;

use crate::model::{Event, Piece, SourcePart, Transcript};

/// The text before, between and after the holes of an event.
pub(super) type Literals = Vec<String>;

/// New literals for lines of the file, from 1.
pub(super) type Edits = BTreeMap<usize, Literals>;

/// The least share of its words that a reworded line keeps.
const ALIKE: f64 = 0.4;

/// The most places for holes that are tried in one line.
const BUDGET: usize = 2_000;

/// An event's literals, as written in the file.
pub(super) fn literals(event: &Event) -> Literals {
    let mut literals = vec![String::new()];
    for part in &event.source {
        match part {
            SourcePart::Text(text) => literals.last_mut().expect("never empty").push_str(text),
            SourcePart::Hole { .. } => literals.push(String::new()),
        }
    }
    literals
}

/// What an event prints with `literals` around its holes.
pub(super) fn print<'v>(
    event: &Event,
    literals: &Literals,
    value: impl Fn(usize) -> Option<&'v str>,
) -> String {
    let mut texts = literals.iter();
    let mut line = texts.next().cloned().unwrap_or_default();
    for (filled, text) in holes(event).zip(texts) {
        line.push_str(match filled {
            Piece::Text(constant) => constant,
            Piece::Hole(variable) => value(*variable).unwrap_or_default(),
        });
        line.push_str(text);
    }
    line
}

fn holes(event: &Event) -> impl Iterator<Item = &Piece> {
    event.source.iter().filter_map(|part| match part {
        SourcePart::Hole { filled, .. } => Some(filled),
        SourcePart::Text(_) => None,
    })
}

/// The words of a text, as [`alike`] compares them.
pub(super) fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

/// Whether the two have enough words in common for one to be a new wording of the other.
pub(super) fn alike(event: &[&str], line: &[&str]) -> bool {
    let (one, other) = (event, line);
    let longest = one.len().max(other.len()).max(1) as f64;
    if (one.len().min(other.len()) as f64) < ALIKE * longest {
        return false;
    }
    // The longest common subsequence, row by row.
    let mut row = vec![0usize; other.len() + 1];
    for word in one {
        let mut diagonal = 0;
        for (index, rival) in other.iter().enumerate() {
            let above = row[index + 1];
            row[index + 1] = if word == rival || word.starts_with('{') {
                diagonal + 1
            } else {
                above.max(row[index])
            };
            diagonal = above;
        }
    }
    row[other.len()] as f64 >= ALIKE * longest
}

/// Each way to find the event's holes in `line`, as the literals around them; `None` if there are too many to list.
///
/// `value` returns the known value of a variable; `taken` says which values it cannot have.
pub(super) fn wordings<'v>(
    transcript: &Transcript,
    event: usize,
    line: &str,
    value: impl Fn(usize) -> Option<&'v str>,
    taken: impl Fn(usize, &str) -> bool,
) -> Option<Vec<Literals>> {
    let event = &transcript.events[event];
    let old = literals(event);
    let holes: Vec<&Piece> = holes(event).collect();
    let mut found = Vec::new();
    let mut open = vec![(Literals::new(), 0)];
    let mut steps = 0;
    while let Some((before, at)) = open.pop() {
        let Some(filled) = holes.get(before.len()) else {
            let all = [before, vec![line[at..].to_owned()]].concat();
            // The same text is not a new wording.
            if all != old {
                found.push(all);
            }
            continue;
        };
        let around = (old[before.len()].as_str(), old[before.len() + 1].as_str());
        let places = match filled {
            Piece::Text(constant) => whole(line, at, constant),
            Piece::Hole(variable) => {
                let kept = |&(start, end): &(usize, usize)| {
                    let text = &line[start..end];
                    value(*variable).is_none_or(|known| known == text) && !taken(*variable, text)
                };
                places(transcript, *variable, line, at, around).into_iter().filter(kept).collect()
            }
        };
        for (start, end) in places {
            steps += 1;
            if steps > BUDGET {
                return None;
            }
            // Two holes must not touch: where the first one ends would be unclear.
            if start > at || before.is_empty() {
                open.push(([before.clone(), vec![line[at..start].to_owned()]].concat(), end));
            }
        }
    }
    Some(found)
}

/// Where `text` occurs as a whole word: 2 does not occur in 12.
fn whole(line: &str, from: usize, text: &str) -> Vec<(usize, usize)> {
    let places =
        line[from..].match_indices(text).map(|(at, text)| (from + at, from + at + text.len()));
    let edge = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
    places
        .filter(|&(start, end)| {
            edge(line[..start].chars().next_back()) && edge(line[end..].chars().next())
        })
        .collect()
}

/// Where a value of the variable can be. It is read whole, up to a character that cannot be part of one, unless the
/// old text next to the hole is such a character itself: the colon in `{name:word}: hello`.
fn places(
    transcript: &Transcript,
    variable: usize,
    line: &str,
    from: usize,
    (before, after): (&str, &str),
) -> Vec<(usize, usize)> {
    let variable = &transcript.variables[variable];
    let edge = |old: Option<char>, new: Option<char>| match old {
        Some(old) if variable.kind.allows(old) => new == Some(old),
        _ => !new.is_some_and(|c| variable.kind.allows(c)),
    };
    let (before, after) = (before.chars().next_back(), after.chars().next());
    let mut places = Vec::new();
    for (start, _) in line[from..].char_indices().map(|(at, c)| (from + at, c)) {
        if !edge(before, line[..start].chars().next_back()) {
            continue;
        }
        for (length, c) in line[start..].char_indices() {
            let end = start + length + c.len_utf8();
            if !variable.kind.allows(c) {
                break;
            }
            if edge(after, line[end..].chars().next()) && variable.admits(&line[start..end]) {
                places.push((start, end));
            }
        }
    }
    places
}
