//! A transcript's literal text, rewritten from a real output.

use std::collections::{BTreeMap, BTreeSet};

use crate::judge::{Assignment, Table, assign};
use crate::model::{Piece, SourcePart, Transcript};

/// What [`Transcript::bless`] made of an output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blessed {
    /// The new text of the file.
    pub text: String,
    /// The lines of the file that changed, from 1.
    pub changed: Vec<usize>,
    /// Lines of the output, from 0, that no event could be found for.
    pub unattributed: Vec<(usize, String)>,
    /// Events that no line could be found for, indices into [`Transcript::events`].
    pub missing: Vec<usize>,
}

/// The share of words that a changed line keeps at least.
const ALIKE: f64 = 0.4;

impl Transcript {
    /// Rewrites the literal text of events whose line now reads differently.
    ///
    /// Arrows, holes, loops and rules stay as they are. A line is attributed to an event if the event's holes can be
    /// found in it, and, for an event inside a loop, if all turns agree on the new text. What cannot be attributed is
    /// returned, never guessed at.
    pub fn bless(&self, output: &str) -> Blessed {
        let table = Table::new(self, output.split_terminator('\n').collect(), false);
        let mut assignment = assign(&table);
        let mut agreed = self.attribute(&table, &mut assignment);
        let mut text = self.rewritten(&agreed);
        if Transcript::parse(&self.name, &text).is_err() {
            // The old text kept something that the new one does not, such as where a `*|` ends.
            agreed.keys().for_each(|&source| self.forget(&table, &mut assignment, source));
            agreed.clear();
            text = self.rewritten(&agreed);
        }
        let free = |line: &usize| assignment.event_of[*line].is_none();
        let missing = |&event: &usize| table.certain(event) && assignment.line_of[event].is_none();
        let unattributed = (0..table.lines.len()).filter(free);
        Blessed {
            text,
            changed: agreed.into_keys().collect(),
            unattributed: unattributed.map(|line| (line, table.lines[line].to_owned())).collect(),
            missing: (0..self.events.len()).filter(missing).collect(),
        }
    }

    /// Gives lines that are left over to events that are, and returns the new literals of each line of the file on
    /// which all turns of its loops agree.
    fn attribute(
        &self,
        table: &Table<'_>,
        assignment: &mut Assignment,
    ) -> BTreeMap<usize, Vec<String>> {
        let mut drafts: BTreeMap<usize, BTreeSet<Vec<String>>> = BTreeMap::new();
        for (event, line) in self.pairs(table, &assignment.event_of, &assignment.line_of) {
            let value = |variable: usize| table.value(&assignment.bound, variable);
            if let Some(literals) = self.literals(event, table.lines[line], value) {
                drafts.entry(self.events[event].line).or_default().insert(literals);
                assignment.event_of[line] = Some(event);
                assignment.line_of[event] = Some(line);
            }
        }
        // A turn that reads as before, or not at all, does not agree with one that changed.
        for (event, line) in assignment.line_of.iter().enumerate() {
            let changed = line.is_some_and(|line| table.captures(event, line).is_empty());
            if !changed && let Some(texts) = drafts.get_mut(&self.events[event].line) {
                texts.insert(Vec::new());
            }
        }
        let mut agreed = BTreeMap::new();
        for (source, mut texts) in drafts {
            match texts.pop_first().filter(|_| texts.is_empty()) {
                Some(literals) => drop(agreed.insert(source, literals)),
                None => self.forget(table, assignment, source),
            }
        }
        agreed
    }

    /// Takes the changed lines back that were given to events of one line of the file.
    fn forget(&self, table: &Table<'_>, assignment: &mut Assignment, source: usize) {
        for event in (0..self.events.len()).filter(|&event| self.events[event].line == source) {
            let changed = |&line: &usize| table.captures(event, line).is_empty();
            if let Some(line) = assignment.line_of[event].filter(changed) {
                assignment.event_of[line] = None;
                assignment.line_of[event] = None;
            }
        }
    }

    /// The file's text with new literals in some of its lines.
    fn rewritten(&self, literals: &BTreeMap<usize, Vec<String>>) -> String {
        let line = |(index, line): (usize, &str)| match literals.get(&(index + 1)) {
            Some(literals) => self.rewrite(index + 1, line, literals) + "\n",
            None => format!("{line}\n"),
        };
        self.text.lines().enumerate().map(line).collect()
    }

    /// Events and lines that are left over and look alike, the most alike first.
    fn pairs(
        &self,
        table: &Table<'_>,
        event_of: &[Option<usize>],
        line_of: &[Option<usize>],
    ) -> Vec<(usize, usize)> {
        let events = (0..line_of.len()).filter(|&event| line_of[event].is_none());
        let lines: Vec<usize> =
            (0..event_of.len()).filter(|&line| event_of[line].is_none()).collect();
        let all = events.flat_map(|event| lines.iter().map(move |&line| (event, line)));
        let scored = all
            .map(|(event, line)| (alike(&self.events[event].text, table.lines[line]), event, line));
        let mut scored: Vec<(f64, usize, usize)> = scored.filter(|pair| pair.0 >= ALIKE).collect();
        scored.sort_by(|one, other| {
            other.0.total_cmp(&one.0).then((one.1, one.2).cmp(&(other.1, other.2)))
        });
        let (mut events, mut lines) = (BTreeSet::new(), BTreeSet::new());
        scored.retain(|&(_, event, line)| {
            let free = !events.contains(&event) && !lines.contains(&line);
            free && events.insert(event) && lines.insert(line)
        });
        scored.into_iter().map(|(_, event, line)| (event, line)).collect()
    }

    /// The text before, between and behind the holes of an event, if all holes can be found in the line.
    fn literals<'v>(
        &self,
        event: usize,
        line: &str,
        value: impl Fn(usize) -> Option<&'v str>,
    ) -> Option<Vec<String>> {
        let mut literals = Vec::new();
        let mut rest = line;
        for part in &self.events[event].source {
            let SourcePart::Hole { filled, .. } = part else {
                continue;
            };
            let (start, end) = match filled {
                Piece::Text(constant) => find(rest, constant, char::is_alphanumeric)?,
                Piece::Hole(variable) => match value(*variable) {
                    Some(value) => find(rest, value, |c| self.variables[*variable].kind.allows(c))?,
                    None => self.find_any(rest, *variable)?,
                },
            };
            // Two holes must not touch: no one could tell where one ends.
            if start == 0 && !literals.is_empty() {
                return None;
            }
            literals.push(rest[..start].to_owned());
            rest = &rest[end..];
        }
        literals.push(rest.to_owned());
        Some(literals)
    }

    /// The first word that can be a value of the variable.
    fn find_any(&self, text: &str, variable: usize) -> Option<(usize, usize)> {
        let variable = &self.variables[variable];
        let mut at = 0;
        while let Some(start) = text[at..].find(|c| variable.kind.allows(c)).map(|found| at + found)
        {
            let end = text[start..]
                .find(|c| !variable.kind.allows(c))
                .map_or(text.len(), |length| start + length);
            if variable.admits(&text[start..end]) {
                return Some((start, end));
            }
            at = end;
        }
        None
    }

    /// The source line with new literals around its old holes.
    fn rewrite(&self, source: usize, old: &str, literals: &[String]) -> String {
        let event = self
            .events
            .iter()
            .find(|event| event.line == source)
            .expect("a rewritten line has an event");
        let holes = event.source.iter().filter_map(|part| match part {
            SourcePart::Hole { written, .. } => Some(written.as_str()),
            SourcePart::Text(_) => None,
        });
        let head = old.find('|').map_or(old.len(), |bar| bar + 1);
        let mut line = format!("{} ", &old[..head]);
        for (literal, hole) in literals.iter().zip(holes.chain([""])) {
            line.push_str(&literal.replace('{', "{{").replace('}', "}}"));
            line.push_str(hole);
        }
        line
    }
}

/// Where a value stands as a whole: no 2 in 12.
fn find(text: &str, value: &str, part: impl Fn(char) -> bool) -> Option<(usize, usize)> {
    let mut places = text.match_indices(value).map(|(start, value)| (start, start + value.len()));
    places.find(|&(start, end)| {
        !text[..start].chars().next_back().is_some_and(&part)
            && !text[end..].chars().next().is_some_and(&part)
    })
}

/// The share of words that two texts have in common, in order.
fn alike(one: &str, other: &str) -> f64 {
    let (one, other): (Vec<&str>, Vec<&str>) =
        (one.split_whitespace().collect(), other.split_whitespace().collect());
    let mut row = vec![0usize; other.len() + 1];
    for word in &one {
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
    row[other.len()] as f64 / one.len().max(other.len()).max(1) as f64
}
