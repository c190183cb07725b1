//! Which lines fit an event's text, and with which values.

use std::collections::HashSet;

use super::parts::{Hole, Part, ends_are_clear, in_order, rows};
use super::transcript::Piece;
use super::value::Variable;

/// All ways to read a line as an event's text. There is nearly always one, or none.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Readings<'l> {
    /// For each way, a value for each hole, from left to right. Ways that differ only in values that do not matter
    /// count as one.
    pub(crate) ways: Vec<Vec<&'l str>>,
    /// Whether these are all the ways.
    pub(crate) complete: bool,
}

/// The most ways to read one line that are told apart.
const MOST_WAYS: usize = 256;

/// The pattern's parts, each hole with its variable.
fn parts<'p>(pattern: &'p [Piece], variables: &'p [Variable]) -> Vec<Part<'p>> {
    pattern
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => Part::Text(text),
            Piece::Hole(hole) => Part::Hole(Hole::Variable(&variables[*hole])),
        })
        .collect()
}

/// Reads `line` as the text `pattern`.
pub(crate) fn readings<'l>(
    pattern: &[Piece],
    variables: &[Variable],
    line: &'l str,
) -> Readings<'l> {
    let mut found = Readings { ways: Vec::new(), complete: true };
    let begins = pattern.first().and_then(Piece::literal).is_none_or(|text| line.starts_with(text));
    let ends = pattern.last().and_then(Piece::literal).is_none_or(|text| line.ends_with(text));
    if !begins || !ends || !in_order(pattern.iter().filter_map(Piece::literal), line) {
        return found;
    }
    let parts = parts(pattern, variables);
    if ends_are_clear(&parts) {
        found.ways.extend(only_way(&parts, line));
        return found;
    }
    all_ways(pattern, variables, &parts, line)
}

/// The only way to read a line as a text, if each hole clearly ends.
fn only_way<'l>(parts: &[Part<'_>], line: &'l str) -> Option<Vec<&'l str>> {
    let mut values = Vec::new();
    let mut rest = line;
    for part in parts {
        match part {
            Part::Text(text) => rest = rest.strip_prefix(text)?,
            Part::Hole(hole) => {
                let (value, after) = rest.split_at(hole.run(rest));
                values.push(value);
                rest = after;
                if !hole.takes(value) {
                    return None;
                }
            }
        }
    }
    rest.is_empty().then_some(values)
}

fn all_ways<'l>(
    pattern: &[Piece],
    variables: &[Variable],
    parts: &[Part<'_>],
    line: &'l str,
) -> Readings<'l> {
    let mut found = Readings { ways: Vec::new(), complete: true };
    let mut end = vec![false; line.len() + 1];
    end[line.len()] = true;
    let rows = rows(parts, line, end);
    if !rows[0][0] {
        return found;
    }
    // From the left: the rows exclude dead ends.
    let mut ways: Vec<(usize, Vec<&str>)> = vec![(0, Vec::new())];
    for (index, (piece, part)) in pattern.iter().zip(parts).enumerate() {
        let hole = match part {
            Part::Text(text) => {
                ways.iter_mut().for_each(|(at, _)| *at += text.len());
                ways.retain(|(at, _)| rows[index + 1][*at]);
                continue;
            }
            Part::Hole(hole) => *hole,
        };
        let mut next = Vec::new();
        let mut told = HashSet::new();
        // If no remaining value matters, one way is as good as another.
        let matters = |piece: &Piece| matches!(piece, Piece::Hole(hole) if variables[*hole].needed);
        let most = if pattern[index..].iter().any(matters) { usize::MAX } else { 1 };
        let longer = ways.iter().flat_map(|(at, values)| {
            let next = &rows[index + 1];
            let ends = hole.ends(line, *at).filter(|&end| next[end]);
            let ends = ends.filter(|&end| hole.admits(&line[*at..end])).take(most);
            ends.map(move |end| (end, values, &line[*at..end]))
        });
        for (end, values, value) in longer {
            if same_before(pattern, index, piece, values).is_some_and(|before| before != value) {
                continue;
            }
            let mut values = values.clone();
            values.push(value);
            if !told.insert((end, needed_values(pattern, variables, &values))) {
                continue;
            }
            if next.len() == MOST_WAYS {
                found.complete = false;
                break;
            }
            next.push((end, values));
        }
        ways = next;
    }
    found.ways = ways.into_iter().map(|way| way.1).collect();
    found
}

/// The value that the hole at `index`, which is `piece`, already has further left in the same line.
fn same_before<'l>(
    pattern: &[Piece],
    index: usize,
    piece: &Piece,
    values: &[&'l str],
) -> Option<&'l str> {
    let holes = pattern[..index].iter().filter(|other| matches!(other, Piece::Hole(_)));
    holes.zip(values).find(|(other, _)| *other == piece).map(|(_, value)| *value)
}

/// The values so far, of the variables that matter elsewhere.
fn needed_values<'l>(
    pattern: &[Piece],
    variables: &[Variable],
    values: &[&'l str],
) -> Vec<&'l str> {
    let holes = pattern.iter().filter_map(|piece| match piece {
        Piece::Hole(hole) => Some(*hole),
        Piece::Text(_) => None,
    });
    holes.zip(values).filter(|(hole, _)| variables[*hole].needed).map(|(_, value)| *value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Bound, Comparison, Kind, Number};

    /// The ways to read a line, found by trying all.
    fn naive<'l>(parts: &[Part<'_>], rest: &'l str) -> Vec<Vec<&'l str>> {
        match parts {
            [] if rest.is_empty() => vec![Vec::new()],
            [] => Vec::new(),
            [Part::Text(text), after @ ..] => {
                rest.strip_prefix(text).map_or_else(Vec::new, |rest| naive(after, rest))
            }
            [Part::Hole(hole), after @ ..] => {
                let ends = rest.char_indices().map(|(at, c)| at + c.len_utf8());
                let ends = ends.filter(|&end| hole.takes(&rest[..end]));
                let ways = ends.flat_map(|end| {
                    let after = naive(after, &rest[end..]).into_iter();
                    after.map(move |way| [vec![&rest[..end]], way].concat())
                });
                ways.collect()
            }
        }
    }

    #[test]
    fn the_ways_are_those_that_trying_all_finds() {
        const KINDS: [Kind; 6] =
            [Kind::Pid, Kind::Int, Kind::Secs, Kind::Word, Kind::Text, Kind::Range(-2, 12)];
        const VALUES: [&str; 11] =
            ["1", "2", "1.5", "-2", "a", "a-a", "-", "a b", "12", "1-1", "é"];
        let (mut none, mut one, mut many) = (0, 0, 0);
        arbtest::arbtest(|u| {
            let mut pattern: Vec<Piece> = Vec::new();
            let mut variables = Vec::new();
            let mut line = String::new();
            for _ in 0..u.int_in_range(1..=6)? {
                if matches!(pattern.last(), Some(Piece::Hole(_))) || u.ratio(1, 3)? {
                    let text = *u.choose(&["-", "1", ".", " ", "a", "--", " a"])?;
                    pattern.push(Piece::Text(text.to_owned()));
                    line += text;
                } else {
                    let kind = u.choose(&KINDS)?.clone();
                    let bound = Bound { comparison: Comparison::AtLeast, limit: Number::from(1) };
                    let measure = matches!(kind, Kind::Int | Kind::Secs);
                    let bound = (measure && u.ratio(1, 2)?).then_some(bound);
                    pattern.push(Piece::Hole(variables.len()));
                    variables.push(Variable { bound, ..variable(kind, true) });
                    line += u.choose(&VALUES)?;
                }
            }
            let parts = parts(&pattern, &variables);
            let mut expected = naive(&parts, &line);
            expected.sort();
            let all = all_ways(&pattern, &variables, &parts, &line);
            for mut found in [readings(&pattern, &variables, &line), all] {
                found.ways.sort();
                assert_eq!(found.ways, expected, "{line:?} as {pattern:?}, {variables:?}");
                assert!(found.complete);
            }
            *match expected.len() {
                0 => &mut none,
                1 => &mut one,
                _ => &mut many,
            } += 1;
            Ok(())
        })
        .size_min(64)
        .size_max(512)
        .budget_ms(1_000);
        assert!(none > 10 && one > 10 && many > 10, "{none}, {one} and {many} say little");
    }

    fn variable(kind: Kind, needed: bool) -> Variable {
        Variable { name: String::new(), kind, bound: None, fresh: false, needed }
    }

    /// Words separated by dashes.
    fn dashes(kinds: &[(Kind, bool)]) -> (Vec<Piece>, Vec<Variable>) {
        let variables = kinds.iter().map(|(kind, needed)| variable(kind.clone(), *needed));
        let holes =
            (0..kinds.len()).flat_map(|hole| [Piece::Text("-".to_owned()), Piece::Hole(hole)]);
        (holes.skip(1).collect(), variables.collect())
    }

    #[test]
    fn each_way_to_read_a_line_once() {
        let (pattern, variables) = dashes(&[(Kind::Word, true), (Kind::Word, true)]);
        let found = readings(&pattern, &variables, "a-b-c");
        assert_eq!(found.ways, [["a", "b-c"], ["a-b", "c"]]);
        assert!(found.complete);
    }

    #[test]
    fn ways_that_differ_in_what_nothing_needs_are_one() {
        let (pattern, variables) =
            dashes(&[(Kind::Word, false), (Kind::Word, false), (Kind::Word, true)]);
        let found = readings(&pattern, &variables, "a-b-c-d");
        let last: Vec<&str> = found.ways.iter().map(|way| way[2]).collect();
        assert_eq!(last, ["c-d", "d"]);
    }

    #[test]
    fn too_many_ways_are_cut_and_said_to_be() {
        let (pattern, variables) = dashes(&vec![(Kind::Word, true); 8]);
        let line = "-".repeat(2_000);
        let found = readings(&pattern, &variables, &line);
        assert_eq!(found.ways.len(), MOST_WAYS);
        assert!(!found.complete);
        let line = line + " ";
        let none = readings(&pattern, &variables, &line);
        assert_eq!((none.ways.len(), none.complete), (0, true));
    }

    #[test]
    fn a_text_takes_several_words_and_no_blank_at_its_ends() {
        let (pattern, variables) = dashes(&[(Kind::Text, true), (Kind::Text, true)]);
        let found = readings(&pattern, &variables, "one two-three - four");
        assert_eq!(found.ways, [["one two", "three - four"]]);
    }

    #[test]
    fn the_same_variable_has_the_same_value_twice_in_a_line() {
        let pattern = [Piece::Hole(0), Piece::Text("-".to_owned()), Piece::Hole(0)];
        let found = readings(&pattern, &[variable(Kind::Word, true)], "a-b-a-b");
        assert_eq!(found.ways, [["a-b", "a-b"]]);
    }
}
