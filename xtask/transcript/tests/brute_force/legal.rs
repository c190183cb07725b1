//! Which outputs are legal by definition, found by trying all.

use std::collections::{BTreeMap, BTreeSet};

use arbitrary::{Result, Unstructured};

use crate::model::{Model, Piece, Rule, Times};

/// The greatest pid on Linux.
const GREATEST_PID: u32 = 4_194_304;

impl Model {
    /// Whether `lines` can be read as a run, found by trying every event for every line.
    pub(crate) fn legal(&self, lines: &[String]) -> bool {
        self.rules_hold(lines)
            && self.assign(lines, &mut vec![Vec::new(); self.events.len()], &BTreeMap::new(), 0)
    }

    pub(crate) fn assign(
        &self,
        lines: &[String],
        places: &mut Vec<Vec<usize>>,
        values: &BTreeMap<usize, String>,
        line: usize,
    ) -> bool {
        if line == lines.len() {
            return (0..self.events.len()).all(|event| {
                let here = &places[event];
                let often = self.events[event].times != Times::Once || here.len() == 1;
                let ordered = self.before[event]
                    .iter()
                    .all(|&before| places[before].iter().all(|a| here.iter().all(|b| a < b)));
                often && ordered
            }) && self.compares(lines, |v| values.get(&v)?.parse().ok());
        }
        for event in 0..self.events.len() {
            if !places[event].is_empty() && self.events[event].times != Times::Many {
                continue;
            }
            let mut values = values.clone();
            if self.reads(event, &lines[line], &mut values) {
                places[event].push(line);
                let found = self.assign(lines, places, &values, line + 1);
                places[event].pop();
                if found {
                    return true;
                }
            }
        }
        false
    }

    pub(crate) fn reads(
        &self,
        event: usize,
        line: &str,
        values: &mut BTreeMap<usize, String>,
    ) -> bool {
        let mut rest = line;
        for piece in &self.events[event].pieces {
            let variable = match piece {
                Piece::Text(text) => {
                    let Some(after) = rest.strip_prefix(text.as_str()) else {
                        return false;
                    };
                    rest = after;
                    continue;
                }
                Piece::Pid(v) | Piece::Int(v) | Piece::OneOrTwo(v) => *v,
            };
            let length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let value = &rest[..length];
            rest = &rest[length..];
            let fits = match piece {
                Piece::OneOrTwo(_) => value == "1" || value == "2",
                Piece::Pid(_) => {
                    let known = value.parse::<u32>().is_ok_and(|pid| pid <= GREATEST_PID);
                    known && !value.starts_with('0')
                }
                _ => !value.is_empty(),
            };
            let pid = |v: usize| {
                self.events
                    .iter()
                    .flat_map(|event| &event.pieces)
                    .any(|piece| matches!(piece, Piece::Pid(w) if *w == v))
            };
            let taken = pid(variable)
                && values
                    .iter()
                    .any(|(&other, known)| other != variable && pid(other) && known == value);
            if !fits || taken || values.get(&variable).is_some_and(|known| known != value) {
                return false;
            }
            values.insert(variable, value.to_owned());
        }
        rest.is_empty()
    }

    /// A rule about a variable without a value is skipped.
    pub(crate) fn compares(&self, lines: &[String], value: impl Fn(usize) -> Option<i64>) -> bool {
        self.rules.iter().all(|rule| match rule {
            Rule::Compare(one, other) => {
                value(*one).zip(value(*other)).is_none_or(|(one, other)| one <= other)
            }
            Rule::Measure(range) => value(*range).is_none_or(|most| count(lines, "r ") < most),
            _ => true,
        })
    }

    pub(crate) fn rules_hold(&self, lines: &[String]) -> bool {
        self.rules.iter().all(|rule| match rule {
            Rule::Compare(..) | Rule::Measure(..) => true,
            Rule::Lead(factor, n) => (1..=lines.len())
                .all(|end| words(&lines[..end], "x") - factor * words(&lines[..end], "y") <= *n),
            Rule::Total(sign, n) => {
                let count = words(lines, "x");
                match *sign {
                    "==" => count == *n,
                    "<=" => count <= *n,
                    ">=" => count >= *n,
                    "<" => count < *n,
                    _ => count > *n,
                }
            }
            // A value is read whole, and here it is the end of the line.
            Rule::Each(_, n) => ["r 1", "r 2"]
                .iter()
                .all(|text| lines.iter().filter(|line| line == text).count() as i64 <= *n),
        })
    }

    /// A line for each event, with small numbers, so that different events may print the same line.
    pub(crate) fn concrete(&self, u: &mut Unstructured<'_>) -> Result<Vec<String>> {
        let mut values: BTreeMap<usize, i64> = BTreeMap::new();
        let mut lines = Vec::new();
        for event in &self.events {
            let copies = match event.times {
                Times::Once => 1,
                Times::Optional => u.int_in_range(0..=1)?,
                Times::Many => u.int_in_range(0..=1)?,
            };
            let mut line = String::new();
            for piece in &event.pieces {
                match piece {
                    Piece::Text(text) => line.push_str(text),
                    Piece::Pid(v) | Piece::Int(v) | Piece::OneOrTwo(v) => {
                        let most = if matches!(piece, Piece::Pid(_)) { 7 } else { 2 };
                        let value = u.int_in_range(1..=most)?;
                        line.push_str(&values.entry(*v).or_insert(value).to_string());
                    }
                }
            }
            lines.extend(vec![line; copies]);
        }
        // Now and then spoil it: drop, double or exchange a line.
        if !lines.is_empty() && u.ratio(1, 4)? {
            let index = u.choose_index(lines.len())?;
            match u.int_in_range(0..=2)? {
                0 => drop(lines.remove(index)),
                1 => lines.push(lines[index].clone()),
                _ => lines[index] = "p 3".to_owned(),
            }
        }
        lines.truncate(6);
        Ok(lines)
    }

    /// All legal outputs, unforeseeable values numbered in order of appearance.
    pub(crate) fn outputs(&self) -> BTreeSet<Vec<String>> {
        let mut outputs = BTreeSet::new();
        self.extend(&mut Vec::new(), &mut BTreeMap::new(), &mut Vec::new(), &mut outputs);
        outputs
    }

    pub(crate) fn extend(
        &self,
        done: &mut Vec<usize>,
        values: &mut BTreeMap<usize, i64>,
        lines: &mut Vec<String>,
        outputs: &mut BTreeSet<Vec<String>>,
    ) {
        let rest = (0..self.events.len()).filter(|event| !done.contains(event));
        if rest.clone().all(|event| self.events[event].times != Times::Once)
            && self.rules_hold(lines)
            && self.compares(lines, |v| values.get(&v).copied())
        {
            outputs.insert(numbered(lines));
        }
        for event in rest.collect::<Vec<_>>() {
            // An optional event that was skipped, and had to come before, stays absent.
            let waits = |&before: &usize| {
                !done.contains(&before) && self.events[before].times == Times::Once
            };
            let too_late = done.iter().any(|&other| self.before[other].contains(&event));
            if too_late || self.before[event].iter().any(waits) {
                continue;
            }
            let unbound = self.events[event].pieces.iter().find_map(|piece| match piece {
                Piece::OneOrTwo(v) if !values.contains_key(v) => Some(*v),
                _ => None,
            });
            let choices: &[i64] = if unbound.is_some() { &[1, 2] } else { &[0] };
            for &choice in choices {
                if let Some(v) = unbound {
                    values.insert(v, choice);
                }
                let line = self.events[event].pieces.iter().map(|piece| match piece {
                    Piece::Text(text) => text.clone(),
                    Piece::OneOrTwo(v) => values[v].to_string(),
                    Piece::Pid(v) | Piece::Int(v) => format!("<{v}>"),
                });
                lines.push(line.collect());
                done.push(event);
                self.extend(done, values, lines, outputs);
                done.pop();
                lines.pop();
            }
            if let Some(v) = unbound {
                values.remove(&v);
            }
        }
    }
}

/// How many lines consist of this word: no other line of the model contains it.
fn words(lines: &[String], word: &str) -> i64 {
    lines.iter().filter(|line| *line == word).count() as i64
}

/// How many lines contain a text.
fn count(lines: &[String], text: &str) -> i64 {
    lines.iter().filter(|line| line.contains(text)).count() as i64
}

fn numbered(lines: &[String]) -> Vec<String> {
    let mut known: Vec<String> = Vec::new();
    let number = |line: &String| {
        let Some((head, (name, tail))) =
            line.split_once('<').and_then(|(head, rest)| Some((head, rest.split_once('>')?)))
        else {
            return line.clone();
        };
        let index = known.iter().position(|known| known == name).unwrap_or_else(|| {
            known.push(name.to_owned());
            known.len() - 1
        });
        format!("{head}#{index}{tail}")
    };
    lines.iter().map(number).collect()
}
