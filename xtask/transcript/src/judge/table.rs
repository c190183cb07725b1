//! Which line of an output can be which event, and with which values.

use rustc_hash::FxHashMap;

use crate::model::{Piece, Times, Transcript, Variable};

/// Values are numbered; this one is none yet.
pub(crate) const UNBOUND: u32 = 0;

/// One way in which a line fits a text: a value for each hole, from left to right.
pub(crate) type Capture = Vec<u32>;

/// An output held against the events of a transcript, before any order.
pub(crate) struct Table<'t> {
    pub(crate) transcript: &'t Transcript,
    pub(crate) lines: Vec<&'t str>,
    /// For each event, whether it counts as a claim about time that is waived: it may claim any line, or none.
    pub(crate) waived: Vec<bool>,
    /// The text of each value; the first stands for none.
    pub(crate) values: Vec<&'t str>,
    /// For each event, the variables of its holes from left to right.
    holes: Vec<Vec<usize>>,
    /// Lines with the same text have the same number, and so have events whose texts differ in names alone.
    same_line: Vec<usize>,
    same_text: Vec<usize>,
    captures: Vec<Vec<Vec<Capture>>>,
}

impl<'t> Table<'t> {
    pub(crate) fn new(transcript: &'t Transcript, lines: Vec<&'t str>, waive: bool) -> Table<'t> {
        let events = &transcript.events;
        let (same_line, texts) = number(lines.iter().copied());
        let shapes = events.iter().map(|event| shape(&event.pattern, &transcript.variables));
        let (same_text, shapes) = number(shapes);
        let mut table = Table {
            transcript,
            lines,
            waived: events.iter().map(|event| waive && event.timing).collect(),
            values: vec![""],
            holes: (0..events.len())
                .map(|event| transcript.variables_of(event).collect())
                .collect(),
            same_line,
            captures: Vec::with_capacity(shapes.len()),
            same_text,
        };
        let mut numbers = FxHashMap::default();
        for shape in 0..shapes.len() {
            let event = table
                .same_text
                .iter()
                .position(|same| *same == shape)
                .expect("a shape has an event");
            let row = texts.iter().map(|text| {
                let found = captures(&events[event].pattern, &transcript.variables, text);
                let found = found.into_iter().map(|capture| {
                    let value = |text| {
                        *numbers.entry(text).or_insert_with(|| {
                            table.values.push(text);
                            table.values.len() as u32 - 1
                        })
                    };
                    capture.into_iter().map(value).collect()
                });
                found.collect()
            });
            let row = row.collect();
            table.captures.push(row);
        }
        table
    }

    /// How `line` fits the text of `event`, values of variables aside.
    pub(crate) fn captures(&self, event: usize, line: usize) -> &[Capture] {
        &self.captures[self.same_text[event]][self.same_line[line]]
    }

    /// Whether `event` can claim `line` for some values.
    pub(crate) fn fits(&self, event: usize, line: usize) -> bool {
        self.waived[event] || !self.captures(event, line).is_empty()
    }

    /// Whether `event` must claim exactly one line.
    pub(crate) fn certain(&self, event: usize) -> bool {
        self.transcript.events[event].times == Times::Once && !self.waived[event]
    }

    /// Binds the variables of `event` as `capture` says; false, and a half-done `bound`, if one has another value.
    pub(crate) fn bind(&self, event: usize, capture: &[u32], bound: &mut [u32]) -> bool {
        self.clash(event, capture, bound).is_none()
    }

    /// The first variable that cannot have its value, and the other one that has it already, if that is why.
    pub(crate) fn clash(
        &self,
        event: usize,
        capture: &[u32],
        bound: &mut [u32],
    ) -> Option<(usize, Option<usize>)> {
        let variables = &self.transcript.variables;
        let mut fresh: Vec<(usize, u32)> = Vec::new();
        for (&variable, &value) in self.holes[event].iter().zip(capture) {
            let known = if variables[variable].fresh {
                fresh.iter().find(|pair| pair.0 == variable).map_or(UNBOUND, |pair| pair.1)
            } else {
                bound[variable]
            };
            if known == value {
                continue;
            }
            if known != UNBOUND {
                return Some((variable, None));
            }
            let kind = variables[variable].kind;
            let rival = || {
                (0..bound.len())
                    .find(|&other| bound[other] == value && variables[other].kind == kind)
            };
            if kind.distinct()
                && let Some(other) = rival()
            {
                return Some((variable, Some(other)));
            }
            if variables[variable].fresh {
                fresh.push((variable, value));
            } else {
                bound[variable] = value;
            }
        }
        None
    }

    pub(crate) fn holes(&self, event: usize) -> &[usize] {
        &self.holes[event]
    }

    /// The printed value of a variable, where it has one.
    pub(crate) fn value(&self, bound: &[u32], variable: usize) -> Option<&'t str> {
        (bound[variable] != UNBOUND).then(|| self.values[bound[variable] as usize])
    }

    pub(crate) fn number(&self, bound: &[u32], variable: usize) -> Option<f64> {
        self.value(bound, variable)?.parse().ok()
    }
}

/// Numbers things so that equal ones have equal numbers.
fn number<T: Clone + Eq + std::hash::Hash>(
    things: impl Iterator<Item = T>,
) -> (Vec<usize>, Vec<T>) {
    let mut known = FxHashMap::default();
    let mut distinct = Vec::new();
    let numbers = things.map(|thing| {
        *known.entry(thing.clone()).or_insert_with(|| {
            distinct.push(thing);
            distinct.len() - 1
        })
    });
    (numbers.collect(), distinct)
}

/// An event's text without the names of its holes.
fn shape(pattern: &[Piece], variables: &[Variable]) -> Vec<String> {
    let piece = |piece: &Piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Hole(variable) => {
            let Variable { kind, bound, .. } = &variables[*variable];
            // No event's text contains this character.
            format!("\n{kind:?}{bound:?}")
        }
    };
    pattern.iter().map(piece).collect()
}

/// All ways to read `line` as `pattern`: nearly always none or one.
pub(crate) fn captures<'l>(
    pattern: &[Piece],
    variables: &[Variable],
    line: &'l str,
) -> Vec<Vec<&'l str>> {
    let ends_otherwise = match pattern.last() {
        Some(Piece::Text(text)) => !line.ends_with(text.as_str()),
        _ => false,
    };
    let mut found = Vec::new();
    if !ends_otherwise {
        capture(pattern, variables, line, &mut Vec::new(), &mut found);
    }
    found
}

fn capture<'l>(
    pattern: &[Piece],
    variables: &[Variable],
    rest: &'l str,
    values: &mut Vec<&'l str>,
    found: &mut Vec<Vec<&'l str>>,
) {
    match pattern {
        [] if rest.is_empty() => found.push(values.clone()),
        [] => {}
        [Piece::Text(text), after @ ..] => {
            if let Some(rest) = rest.strip_prefix(text.as_str()) {
                capture(after, variables, rest, values, found);
            }
        }
        [Piece::Hole(hole), after @ ..] => {
            let variable = &variables[*hole];
            let allowed = rest.find(|c| !variable.kind.allows(c)).unwrap_or(rest.len());
            let ends = rest[..allowed].char_indices().map(|(at, c)| at + c.len_utf8());
            for end in ends {
                let follows = match after {
                    [Piece::Text(text), ..] => rest[end..].starts_with(text.as_str()),
                    _ => end == rest.len(),
                };
                if follows && variable.admits(&rest[..end]) {
                    values.push(&rest[..end]);
                    capture(after, variables, &rest[end..], values, found);
                    values.pop();
                }
            }
        }
    }
}
