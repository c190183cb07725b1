//! What bless leaves to a person, and in which words.

use std::fmt;

use super::pairing::{Claim, UnpairedLine};
use super::quotes::Culprit;
use crate::budget::Exhausted;
use crate::judge::Table;
use crate::model::Event;
use crate::text::{is_plain, visible};

/// A decision that bless leaves to a person. Displayed as a place and a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// The line of the output, from 1.
    pub output: Option<usize>,
    /// The line of the transcript, from 1.
    pub line: Option<usize>,
    /// What cannot be decided, and what to do.
    pub message: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.output, self.line) {
            (Some(line), _) => write!(out, "output line {line}: {}", self.message),
            (None, Some(line)) => write!(out, "transcript line {line}: {}", self.message),
            (None, None) => out.write_str(&self.message),
        }
    }
}

impl From<Exhausted> for Refusal {
    fn from(why: Exhausted) -> Self {
        Self::of_all(why.to_string())
    }
}

impl Refusal {
    fn of_all(message: String) -> Self {
        Self { output: None, line: None, message }
    }

    pub(super) fn too_long(lines: usize) -> Self {
        Self::of_all(format!("the output has {lines} lines, far more than any legal one"))
    }

    /// `why` is what the judge says.
    pub(super) fn not_legal(why: &str) -> Self {
        Self::of_all(format!("nothing is written: the output is not legal with any wording: {why}"))
    }

    pub(super) fn unpaired_event(event: &Event) -> Self {
        let message = format!(
            "no output line for \"{}\": remove the event, or find why it is missing",
            event.text
        );
        Self { output: None, line: Some(event.line), message }
    }

    pub(super) fn unpaired_line(unpaired: &UnpairedLine, table: &Table<'_>) -> Self {
        let text = table.lines[unpaired.line];
        let message = advice(text, unpaired);
        Self { output: Some(unpaired.line + 1), line: None, message }
    }

    /// Some line or event has no counterpart, so none of the others is certain.
    pub(super) fn not_whole(claim: &Claim, table: &Table<'_>) -> Self {
        let source = claim.source;
        let text = visible(table.lines[claim.line]);
        let message = format!(
            "\"{text}\" could be the new wording of line {source}: \
             bless writes it when each line has an event and each event has a line"
        );
        Self { output: Some(claim.line + 1), line: Some(source), message }
    }

    /// A rule would not follow.
    pub(super) fn rule(claim: &Claim, culprit: &Culprit, table: &Table<'_>) -> Self {
        let source = claim.source;
        let text = visible(table.lines[claim.line]);
        let message =
            format!("\"{text}\" is the new wording of line {source}, but {}", culprit.reason);
        Self { output: Some(claim.line + 1), line: Some(source), message }
    }
}

fn advice(text: &str, unpaired: &UnpairedLine) -> String {
    let shown = visible(text);
    if !is_plain(text) {
        return format!(
            "\"{shown}\" has characters that a reader of the transcript would not see: print it without them"
        );
    }
    if unpaired.unclear {
        return format!("\"{shown}\" is like too many lines of the transcript: write it there");
    }
    let mut sources: Vec<String> = unpaired.sources.iter().map(ToString::to_string).collect();
    match (sources.pop(), sources.is_empty()) {
        (None, _) => format!("no event for \"{shown}\": write one"),
        (Some(only), true) => format!(
            "\"{shown}\" could be the new wording of line {only} of the transcript, \
             but this is not certain: write it there"
        ),
        (Some(last), false) => format!(
            "\"{shown}\" could be the new wording of line {} or {last} of the transcript: write it there",
            sources.join(", ")
        ),
    }
}
