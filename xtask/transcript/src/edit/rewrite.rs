//! The text of a file with new literals in some of its lines.

use super::wording::Edits;
use crate::model::{SourcePart, Transcript};

/// The file's text with its edits. All else in it stays as it is.
pub(super) fn rewritten(transcript: &Transcript, edits: &Edits) -> String {
    let line = |(index, line): (usize, &str)| match edits.get(&(index + 1)) {
        Some(literals) => {
            let (line, end) = line.split_at(line.trim_end_matches(['\n', '\r']).len());
            event_line(transcript, index + 1, line, literals) + end
        }
        None => line.to_owned(),
    };
    transcript.text.split_inclusive('\n').enumerate().map(line).collect()
}

/// The line of an event: its old lane and holes, and the new literals around the holes.
fn event_line(transcript: &Transcript, source: usize, old: &str, literals: &[String]) -> String {
    let event = transcript.events.iter().find(|event| event.line == source);
    let event = event.expect("a rewritten line has an event");
    let holes = event.source.iter().filter_map(|part| match part {
        SourcePart::Hole { written, .. } => Some(written.as_str()),
        SourcePart::Text(_) => None,
    });
    let after_bar = old.find('|').map_or(old.len(), |bar| bar + 1);
    let mut line = format!("{} ", &old[..after_bar]);
    for (literal, hole) in literals.iter().zip(holes.chain([""])) {
        line.push_str(&literal.replace('{', "{{").replace('}', "}}"));
        line.push_str(hole);
    }
    line
}
