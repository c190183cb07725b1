//! Rules that quote an event whose wording changes. They must still count the same lines.

use std::collections::BTreeSet;

use super::rewrite::rewritten;
use super::wording::{Edits, Literals, literals, print};
use crate::legal::neutral_values;
use crate::model::{Kind, Rule, Tally, Transcript};

/// The most ways to reword the rules that are tried.
const BUDGET: usize = 256;

/// The most values of a range for which a rule's counts are compared.
const MOST_VALUES: i64 = 20;

/// Lines of the file whose new wording must be refused.
pub(super) struct Culprit {
    pub(super) lines: Vec<usize>,
    /// Why.
    pub(super) reason: String,
}

/// The transcript with its edits and with reworded rules; or the lines that prevent it.
pub(super) fn follow(old: &Transcript, edits: &Edits) -> Result<Transcript, Culprit> {
    // For each line of rules that now count other lines: the reworded events that cause it.
    let mut broken: Vec<(usize, BTreeSet<usize>)> = Vec::new();
    let neutral = neutral_values(old);
    for rule in old.all_rules() {
        let sources = miscounted(old, &neutral, edits, rule);
        if sources.is_empty() {
            continue;
        }
        match broken.iter_mut().find(|(line, _)| *line == rule.line) {
            Some((_, known)) => known.extend(sources),
            None => broken.push((rule.line, sources)),
        }
    }
    let mut texts = vec![rewritten(old, edits)];
    for (line, sources) in &broken {
        let ways = ways(old, edits, *line, sources);
        let longer =
            texts.iter().flat_map(|text| ways.iter().map(|way| replace_line(text, *line, way)));
        texts = longer.take(BUDGET).collect();
    }
    let mut problem = None;
    let mut good: Vec<Transcript> = Vec::new();
    for text in texts {
        match old.parse_again(&text) {
            Ok(new) if counts_the_same(old, &neutral, &new, edits) => good.push(new),
            Ok(_) => {}
            Err(error) => problem = Some(error.to_string()),
        }
    }
    if good.len() == 1 {
        return Ok(good.remove(0));
    }
    let reason = match (broken.first(), problem) {
        (Some((line, _)), _) => {
            format!("the rule in line {line} would count other lines than before: reword both")
        }
        (None, Some(problem)) => {
            let first = problem.lines().next().unwrap_or_default();
            format!("then the file is not a transcript ({first})")
        }
        (None, None) => "then a rule would count other lines than before: reword both".to_owned(),
    };
    let lines: Vec<usize> = match broken.first() {
        Some((_, sources)) => sources.iter().copied().collect(),
        None => edits.keys().copied().collect(),
    };
    Err(Culprit { lines, reason })
}

/// The lines of the file whose new wording the rule counts differently.
fn miscounted(
    transcript: &Transcript,
    neutral: &[String],
    edits: &Edits,
    rule: &Rule,
) -> BTreeSet<usize> {
    let differs = |event: &usize| {
        let Some(new) = edits.get(&transcript.events[*event].line) else { return false };
        let old = literals(&transcript.events[*event]);
        samples(transcript, neutral, *event).iter().any(|values| {
            let line = |literals: &Literals| {
                print(&transcript.events[*event], literals, |variable| {
                    Some(values[variable].as_str())
                })
            };
            count(rule, &line(&old)) != count(rule, &line(new))
        })
    };
    let events = (0..transcript.events.len()).filter(differs);
    events.map(|event| transcript.events[event].line).collect()
}

/// Whether each rule counts each event's new text as it counted the old one.
fn counts_the_same(old: &Transcript, neutral: &[String], new: &Transcript, edits: &Edits) -> bool {
    (0..old.events.len()).all(|event| {
        let before = literals(&old.events[event]);
        let after = edits.get(&old.events[event].line).unwrap_or(&before);
        samples(old, neutral, event).iter().all(|values| {
            let line = |literals: &Literals| {
                print(&old.events[event], literals, |variable| Some(values[variable].as_str()))
            };
            let (before, after) = (line(&before), line(after));
            old.all_rules()
                .zip(new.all_rules())
                .all(|(one, other)| count(one, &before) == count(other, &after))
        })
    })
}

fn count(rule: &Rule, line: &str) -> Tally {
    let rules = std::slice::from_ref(rule);
    let mut tally = Tally::new(rules);
    tally.count(0, rule, line);
    tally
}

/// Values for the holes of an event: neutral ones, and the others of its ranges.
fn samples(transcript: &Transcript, neutral: &[String], event: usize) -> Vec<Vec<String>> {
    let mut samples = vec![neutral.to_owned()];
    for variable in transcript.variables_of(event) {
        if let Kind::Range(from, to) = transcript.variables[variable].kind {
            for value in (from..=to).take(MOST_VALUES as usize) {
                let mut values = neutral.to_owned();
                values[variable] = value.to_string();
                samples.push(values);
            }
        }
    }
    samples
}

/// The distinct ways to reword the quotes in a line of rules as the events were reworded.
fn ways(
    transcript: &Transcript,
    edits: &Edits,
    line: usize,
    sources: &BTreeSet<usize>,
) -> Vec<String> {
    let text = transcript.text.lines().nth(line - 1).unwrap_or_default();
    let mut ways = Vec::new();
    for context in [(0, 0), (1, 0), (0, 1), (1, 1)] {
        let mut replaced = text.to_owned();
        for &source in sources {
            let event = transcript.events.iter().find(|event| event.line == source);
            let old = event.map(literals).unwrap_or_default();
            for (old, new) in old.iter().zip(&edits[&source]) {
                if let Some((old, new)) = difference(old, new, context) {
                    replaced = in_quotes(&replaced, &quoted(&old), &quoted(&new));
                }
            }
        }
        if replaced != text && !ways.contains(&replaced) {
            ways.push(replaced);
        }
    }
    ways
}

/// The words that differ, with some of the common words around them; none if there is nothing to replace.
fn difference(old: &str, new: &str, (left, right): (usize, usize)) -> Option<(String, String)> {
    let (one, other): (Vec<&str>, Vec<&str>) = (old.split(' ').collect(), new.split(' ').collect());
    if one == other {
        return None;
    }
    let shorter = one.len().min(other.len());
    let before = (0..shorter).take_while(|&at| one[at] == other[at]).count();
    let behind = (0..shorter - before)
        .take_while(|&at| one[one.len() - 1 - at] == other[other.len() - 1 - at])
        .count();
    let (from, behind) = (before.checked_sub(left)?, behind.checked_sub(right)?);
    let words = |words: &[&str]| words[from..words.len() - behind].join(" ");
    let (old, new) = (words(&one), words(&other));
    (!old.trim().is_empty() && !new.trim().is_empty())
        .then(|| (old.trim().to_owned(), new.trim().to_owned()))
}

/// A literal as it is written in a rule's quoted text.
fn quoted(literal: &str) -> String {
    literal.replace('{', "{{").replace('}', "}}").replace('"', "\\\"")
}

/// Replaces whole words inside quotation marks, in each quote that has them once.
fn in_quotes(rule: &str, old: &str, new: &str) -> String {
    let mut text = String::new();
    let mut rest = rule;
    while let Some(start) = rest.find('"') {
        let (outside, quote) = rest.split_at(start + 1);
        text.push_str(outside);
        let mut escaped = false;
        let end = quote.find(|c| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        });
        let (inside, after) = quote.split_at(end.unwrap_or(quote.len()));
        let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let places: Vec<usize> = inside
            .match_indices(old)
            .map(|(at, _)| at)
            .filter(|&at| {
                let (before, behind) = (&inside[..at], &inside[at + old.len()..]);
                !letter(before.chars().next_back()) && !letter(behind.chars().next())
            })
            .collect();
        match places[..] {
            [at] => text.extend([&inside[..at], new, &inside[at + old.len()..]]),
            _ => text.push_str(inside),
        }
        // The closing quotation mark is outside the quote.
        let mark = after.len().min(1);
        text.push_str(&after[..mark]);
        rest = &after[mark..];
    }
    text + rest
}

fn replace_line(text: &str, number: usize, new: &str) -> String {
    let line = |(index, line): (usize, &str)| {
        let kept = line.trim_end_matches(['\n', '\r']).len();
        if index + 1 == number { new.to_owned() + &line[kept..] } else { line.to_owned() }
    };
    text.split_inclusive('\n').enumerate().map(line).collect()
}
