//! Which line of an output can be which event, and with which values.

use rustc_hash::FxHashMap;

use crate::budget::{Budget, Exhausted};
use crate::model::{Number, Piece, Times, Transcript, Variable, readings};

/// Values are numbered; this number means that there is no value yet.
pub(crate) const UNBOUND: u32 = 0;

/// One way in which a line fits a text: a value for each hole, from left to right.
pub(crate) type Capture = Vec<u32>;

/// What it costs to match a line with a text, in steps of a budget.
const STEPS_PER_TEXT: usize = 10;
const BYTES_PER_STEP: usize = 8;

/// Which lines of an output fit which events of a transcript, before any order.
pub(crate) struct Table<'t> {
    pub(crate) transcript: &'t Transcript,
    pub(crate) lines: Vec<&'t str>,
    /// The text of each value; the first is no value.
    pub(crate) values: Vec<&'t str>,
    /// Whether all ways to read the lines are known. If one is missing, the output cannot be called illegal.
    pub(crate) complete: bool,
    /// For each event, the variables of its holes from left to right.
    holes: Vec<Vec<usize>>,
    /// Lines with the same text have the same number, and so do events whose texts differ only in names.
    same_line: Vec<usize>,
    same_text: Vec<usize>,
    /// For each text of an event, the texts of lines that fit it.
    captures: Vec<FxHashMap<usize, Vec<Capture>>>,
    /// For each text of an event, the lines that fit it, in ascending order.
    fitting: Vec<Vec<usize>>,
}

impl<'t> Table<'t> {
    pub(crate) fn new(
        transcript: &'t Transcript,
        lines: Vec<&'t str>,
        budget: &Budget<'_>,
    ) -> Result<Table<'t>, Exhausted> {
        let events = &transcript.events;
        let (same_line, texts) = number(lines.iter().copied());
        let shapes = events.iter().map(|event| shape(&event.pattern, &transcript.variables));
        let (same_text, shapes) = number(shapes);
        let mut table = Table {
            transcript,
            lines,
            values: vec![""],
            complete: true,
            holes: (0..events.len())
                .map(|event| transcript.variables_of(event).collect())
                .collect(),
            same_line,
            captures: Vec::with_capacity(shapes.len()),
            fitting: Vec::with_capacity(shapes.len()),
            same_text,
        };
        let mut copies = vec![Vec::new(); texts.len()];
        for (line, &text) in table.same_line.iter().enumerate() {
            copies[text].push(line);
        }
        let mut numbers = FxHashMap::default();
        for shape in 0..shapes.len() {
            let event = table
                .same_text
                .iter()
                .position(|same| *same == shape)
                .expect("a shape has an event");
            let pattern = &events[event].pattern;
            let mut row = FxHashMap::default();
            for (text, line) in candidates(pattern, &texts) {
                budget.spend(STEPS_PER_TEXT + line.len() / BYTES_PER_STEP)?;
                let found = readings(pattern, &transcript.variables, line);
                table.complete &= found.complete;
                let found = found.ways.into_iter().map(|capture| {
                    let value = |text| {
                        *numbers.entry(text).or_insert_with(|| {
                            table.values.push(text);
                            table.values.len() as u32 - 1
                        })
                    };
                    capture.into_iter().map(value).collect()
                });
                let found: Vec<Capture> = found.collect();
                if !found.is_empty() {
                    row.insert(text, found);
                }
            }
            let mut fitting: Vec<usize> =
                row.keys().flat_map(|&text| copies[text].iter().copied()).collect();
            fitting.sort_unstable();
            table.captures.push(row);
            table.fitting.push(fitting);
        }
        Ok(table)
    }

    /// How `line` fits the text of `event`, whatever the values of the variables.
    pub(crate) fn captures(&self, event: usize, line: usize) -> &[Capture] {
        let row = &self.captures[self.same_text[event]];
        row.get(&self.same_line[line]).map_or(&[], Vec::as_slice)
    }

    /// Whether `event` must claim exactly one line.
    pub(crate) fn certain(&self, event: usize) -> bool {
        self.transcript.events[event].times == Times::Once
    }

    /// Binds the variables of `event` as `capture` says. Returns false, and leaves `bound` half done, if one already
    /// has another value.
    pub(crate) fn bind(&self, event: usize, capture: &[u32], bound: &mut [u32]) -> bool {
        self.clash(event, capture, bound).is_none()
    }

    /// The first variable that cannot have its value, and, if that is the reason, the other variable that has it
    /// already.
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
            let kind = &variables[variable].kind;
            let rival = || {
                (0..bound.len())
                    .find(|&other| bound[other] == value && variables[other].kind == *kind)
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

    /// The lines that `event` can claim for some values, in ascending order.
    pub(crate) fn fitting(&self, event: usize) -> &[usize] {
        &self.fitting[self.same_text[event]]
    }

    /// Equal for lines with the same text; numbered in order of appearance.
    pub(crate) fn text_of(&self, line: usize) -> usize {
        self.same_line[line]
    }

    /// Equal for events whose texts differ only in names.
    pub(crate) fn shape_of(&self, event: usize) -> usize {
        self.same_text[event]
    }

    pub(crate) fn holes(&self, event: usize) -> &[usize] {
        &self.holes[event]
    }

    /// The printed value of a variable, if it has one.
    pub(crate) fn value(&self, bound: &[u32], variable: usize) -> Option<&'t str> {
        (bound[variable] != UNBOUND).then(|| self.values[bound[variable] as usize])
    }

    pub(crate) fn number(&self, bound: &[u32], variable: usize) -> Option<Number> {
        self.value(bound, variable)?.parse().ok()
    }
}

/// The lines, with their numbers, that begin as a pattern does.
fn candidates<'l>(pattern: &[Piece], lines: &[&'l str]) -> impl Iterator<Item = (usize, &'l str)> {
    let start = match pattern.first() {
        Some(Piece::Text(text)) => text.clone(),
        _ => String::new(),
    };
    lines.iter().copied().enumerate().filter(move |(_, line)| line.starts_with(&start))
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
            let Variable { kind, bound, needed, .. } = &variables[*variable];
            // No event's text contains this character.
            format!("\n{kind:?}{bound:?}{needed}")
        }
    };
    pattern.iter().map(piece).collect()
}
