//! In which lines a rule's text occurs, and with which values.

use std::collections::BTreeSet;

use super::parts::{Hole, Part, Rows, ends_are_clear, in_order, rows};
use super::rule::{RulePiece, Values};
use super::value::{Kind, SYMBOL};

/// In a line of at most this many bytes, each place where the text may begin is tried. For a longer line the rows are
/// faster.
const SHORT: usize = 1_024;

/// The values for which `line` contains the text as whole words; each combination of values once.
///
/// Occurrences are found from left to right, and do not overlap. In each occurrence, a hole ends at the first place
/// from which the rest of the text can be read.
pub(crate) fn captures(
    pieces: &[RulePiece],
    names: &[(String, Kind)],
    line: &str,
) -> BTreeSet<Values> {
    let texts = pieces.iter().filter_map(|piece| match piece {
        RulePiece::Text(text) => Some(text.as_str()),
        RulePiece::Hole(_) => None,
    });
    if !in_order(texts, line) {
        return BTreeSet::new();
    }
    let parts = parts(pieces, names);
    if ends_are_clear(&parts) && line.len() <= SHORT {
        occurrences(&parts, line, |at| only_values(&parts, pieces, names.len(), line, at))
    } else {
        by_rows(&parts, pieces, names.len(), line)
    }
}

/// The text's parts, each hole with its kind.
fn parts<'p>(pieces: &'p [RulePiece], names: &'p [(String, Kind)]) -> Vec<Part<'p>> {
    pieces
        .iter()
        .map(|piece| match piece {
            RulePiece::Text(text) => Part::Text(text),
            RulePiece::Hole(name) => Part::Hole(Hole::Kind(&names[*name].1)),
        })
        .collect()
}

fn by_rows(parts: &[Part<'_>], pieces: &[RulePiece], names: usize, line: &str) -> BTreeSet<Values> {
    let mut ends = vec![false; line.len() + 1];
    let last = parts.last().expect("no text of a rule is empty");
    places(line).for_each(|at| ends[at] = edge(last, line, at));
    let rows = rows(parts, line, ends);
    occurrences(parts, line, |at| {
        rows[0][at].then(|| values(parts, pieces, names, line, &rows, at))
    })
}

/// The values of all occurrences. `read` gives the values and the end of the one that begins at a byte.
fn occurrences(
    parts: &[Part<'_>],
    line: &str,
    read: impl Fn(usize) -> Option<(Values, usize)>,
) -> BTreeSet<Values> {
    let mut found = BTreeSet::new();
    let mut free = 0;
    for at in places(line) {
        let begins = match parts[0] {
            Part::Text(text) => line[at..].starts_with(text),
            Part::Hole(_) => true,
        };
        if at < free || !begins || !edge(&parts[0], line, at) {
            continue;
        }
        if let Some((values, end)) = read(at) {
            found.insert(values);
            free = end;
        }
    }
    found
}

fn places(line: &str) -> impl Iterator<Item = usize> {
    line.char_indices().map(|(at, _)| at).chain([line.len()])
}

/// The values and the end of an occurrence that begins at byte `at`, for a text whose holes clearly end.
fn only_values(
    parts: &[Part<'_>],
    pieces: &[RulePiece],
    names: usize,
    line: &str,
    mut at: usize,
) -> Option<(Values, usize)> {
    let mut values = vec![None; names];
    for (index, (part, piece)) in parts.iter().zip(pieces).enumerate() {
        let start = at;
        let last = index + 1 == parts.len();
        at = match part {
            Part::Text(text) => line[at..].starts_with(text).then(|| at + text.len())?,
            Part::Hole(hole) if last => {
                let mut ends = hole.ends(line, at).filter(|&end| edge(part, line, end));
                ends.find(|&end| hole.admits(&line[at..end]))?
            }
            Part::Hole(hole) => Some(at + hole.run(&line[at..]))
                .filter(|&end| hole.kind().admits(&line[at..end]))?,
        };
        if last && !edge(part, line, at) {
            return None;
        }
        if let RulePiece::Hole(name) = piece {
            values[*name] = Some(line[start..at].to_owned());
        }
    }
    Some((values, at))
}

/// The same for any text, if its rows say that it occurs there.
fn values(
    parts: &[Part<'_>],
    pieces: &[RulePiece],
    names: usize,
    line: &str,
    rows: &Rows,
    mut at: usize,
) -> (Values, usize) {
    let mut values = vec![None; names];
    for (index, (part, piece)) in parts.iter().zip(pieces).enumerate() {
        let start = at;
        at = match part {
            Part::Text(text) => start + text.len(),
            Part::Hole(hole) => {
                let mut ends = hole.ends(line, start).filter(|&end| rows[index + 1][end]);
                let end = ends.find(|&end| hole.admits(&line[start..end]));
                end.expect("the row says that there is an end")
            }
        };
        if let RulePiece::Hole(name) = piece {
            values[*name] = Some(line[start..at].to_owned());
        }
    }
    (values, at)
}

/// Whether a text with this outermost part may begin or end at byte `at`.
fn edge(part: &Part<'_>, line: &str, at: usize) -> bool {
    match part {
        // A word goes from blank to blank.
        Part::Hole(Hole::Kind(Kind::Word | Kind::Own(_))) => {
            let blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
            blank(line[..at].chars().next_back()) || blank(line[at..].chars().next())
        }
        _ => at_word_boundary(&line[..at], &line[at..]),
    }
}

/// Whether a place in a line, with `before` and `after` around it, is outside any word or number.
fn at_word_boundary(before: &str, after: &str) -> bool {
    let mut left = before.chars().rev();
    let mut right = after.chars();
    let (Some(last), Some(first)) = (left.next(), right.next()) else {
        return true;
    };
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let inside = match (last, first) {
        ('.', '0'..='9') => digit(left.next()),
        ('0'..='9', '.') => digit(right.next()),
        // A minus sign, unlike the dash in `worker-1`.
        ('-', '0'..='9') => !left.next().is_some_and(in_word),
        _ => in_word(last) && in_word(first),
    };
    !inside
}

/// Whether the character is a letter, a digit or the like: a place between two such characters is inside a word.
pub(crate) fn in_word(c: char) -> bool {
    // Chinese and Japanese do not separate words.
    let ideograph =
        matches!(c, '\u{2e80}'..='\u{a4cf}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}');
    c == SYMBOL || c == '_' || (c.is_alphanumeric() && !ideograph)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn occurs(text: &str, line: &str) -> bool {
        !captures(&[RulePiece::Text(text.to_owned())], &[], line).is_empty()
    }

    #[test]
    fn a_text_matches_whole_words() {
        assert!(occurs("ends", "1 ends"));
        assert!(occurs("ends", "sends, then ends"));
        assert!(!occurs("ends", "sends 3"));
        assert!(occurs("task 1", "task 1: done"));
        assert!(occurs("task 1", "task 1."));
        assert!(!occurs("task 1", "task 10"));
        assert!(!occurs("task 1", "task 1.5"));
        assert!(!occurs("5 s", "1.5 s"));
        assert!(!occurs("5 s", "-5 s"));
        assert!(occurs("1 starts", "worker-1 starts"));
        assert!(occurs("进", "进程"));
        assert!(!occurs("up", "up_to"));
    }

    fn value(kind: Kind, text: [&str; 2], line: &str) -> Vec<String> {
        let pieces = [
            RulePiece::Text(text[0].to_owned()),
            RulePiece::Hole(0),
            RulePiece::Text(text[1].to_owned()),
        ];
        let empty = |piece: &&RulePiece| !matches!(piece, RulePiece::Text(text) if text.is_empty());
        let pieces: Vec<RulePiece> = pieces.iter().filter(empty).cloned().collect();
        let found = captures(&pieces, &[("x".to_owned(), kind)], line);
        found.into_iter().map(|values| values[0].clone().expect("a value")).collect()
    }

    #[test]
    fn a_value_is_read_whole() {
        assert_eq!(value(Kind::Int, ["task ", ""], "task 12"), ["12"]);
        assert_eq!(value(Kind::Int, ["task ", ""], "task 1, task 2"), ["1", "2"]);
        assert_eq!(value(Kind::Int, ["", " ends"], "task 12 ends"), ["12"]);
        assert_eq!(value(Kind::Int, ["", " ends"], "task 1.2 ends"), Vec::<String>::new());
        assert_eq!(value(Kind::Range(1, 9), ["worker-", " ends"], "worker-2 ends"), ["2"]);
        assert_eq!(value(Kind::Word, ["", ": ends"], "main: a: ends"), ["a"]);
        assert_eq!(value(Kind::Word, ["is ", ""], "this is: it, is so"), ["so"]);
    }

    #[test]
    fn a_hole_ends_at_the_first_place() {
        assert_eq!(value(Kind::Word, ["of ", "-b"], "of a-b-b"), ["a"]);
        assert_eq!(value(Kind::Word, ["of ", "-"], "of a-b-c"), ["a"]);
    }

    #[test]
    fn occurrences_do_not_overlap() {
        assert_eq!(value(Kind::Int, ["-", "-"], "-1-2-3-"), ["1", "3"]);
        let dashes = "-".repeat(100_000);
        assert!(value(Kind::Word, ["-", " x"], &format!("{dashes} x {dashes}")).len() == 1);
    }

    /// Both ways to search for a text find the same.
    #[test]
    fn rows_find_what_trying_each_place_finds() {
        let mut found = 0;
        arbtest::arbtest(|u| {
            let kind = u.choose(&[Kind::Int, Kind::Secs, Kind::Word, Kind::Range(-2, 12)])?.clone();
            const TEXTS: [&str; 7] = ["", " ", "a", " a", "a ", ": ", "1 "];
            let (before, after) = (u.choose(&TEXTS)?.to_string(), u.choose(&TEXTS)?.to_string());
            let mut line = String::new();
            for _ in 0..u.int_in_range(1..=9)? {
                line += u.choose(&["1", "12", "1.5", "-2", "a", " ", " a ", ": ", "."])?;
            }
            let pieces = [RulePiece::Text(before), RulePiece::Hole(0), RulePiece::Text(after)];
            let empty =
                |piece: &RulePiece| matches!(piece, RulePiece::Text(text) if text.is_empty());
            let pieces: Vec<RulePiece> = pieces.into_iter().filter(|piece| !empty(piece)).collect();
            let names = [("x".to_owned(), kind)];
            let quick = captures(&pieces, &names, &line);
            found += quick.len();
            let parts = parts(&pieces, &names);
            assert_eq!(quick, by_rows(&parts, &pieces, 1, &line), "{pieces:?} in {line:?}");
            Ok(())
        })
        .size_min(64)
        .size_max(256)
        .budget_ms(500);
        assert!(found > 50, "{found} occurrences say little");
    }
}
