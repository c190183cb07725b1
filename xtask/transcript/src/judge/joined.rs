//! Lines that several tasks have written: the texts of two events or more, one after the other.
//!
//! A task that writes a line and its newline in two calls leaves a gap between them. Another task that writes in this
//! gap continues the line, and the newlines come later, as empty lines.

use super::table::Table;
use crate::model::{Piece, readings};

/// The most parts of a line, and the longest line that is looked at.
const MOST_PARTS: usize = 8;
const LONGEST: usize = 400;

/// How many texts are compared with a part of a line, at most.
const ATTEMPTS: usize = 5_000;

/// The events among `free` whose texts make up the line, in the order of the line. None unless they are at least two,
/// and of several lanes: a task that forgets a newline can also join lines, but only its own.
pub(super) fn parts(table: &Table<'_>, line: usize, free: &[usize]) -> Option<Vec<usize>> {
    let text = table.lines[line];
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    let mut split = Split { table, free, parts: Vec::new(), left: ATTEMPTS };
    let lane = |event: &usize| table.transcript.events[*event].lane;
    split.found(text).then_some(split.parts).filter(|parts| {
        let first = parts.first().map(lane);
        parts.iter().any(|event| Some(lane(event)) != first)
    })
}

/// How many newlines come later, at most, if each of `lines` has these parts.
pub(super) fn newlines(lines: usize, parts: &[usize]) -> usize {
    lines * (parts.len() - 1)
}

/// Why a line has these parts, and what to do about it. `lanes` counts the lanes of the parts, and `newlines` the empty
/// lines that have the same reason.
pub(super) fn reason(lanes: usize, newlines: usize, parts: &[String]) -> String {
    let tasks = match lanes {
        2 => "two".to_owned(),
        3 => "three".to_owned(),
        more => more.to_string(),
    };
    let newlines = match newlines {
        0 => String::new(),
        1 => ", and a newline came later as an empty line".to_owned(),
        more => format!(", and {more} newlines came later as empty lines"),
    };
    format!(
        "it seems that {tasks} tasks wrote parts of one line{newlines}: {}\n\
         Let each task write its line and the newline in one call. \
         Python's print makes two calls if PYTHONUNBUFFERED is set.",
        parts.join(" and ")
    )
}

/// A search for the parts.
struct Split<'a> {
    table: &'a Table<'a>,
    free: &'a [usize],
    parts: Vec<usize>,
    left: usize,
}

impl Split<'_> {
    /// Whether the rest of a line is made up of texts, which are then the last of the `parts`.
    fn found(&mut self, rest: &str) -> bool {
        if rest.is_empty() {
            return true;
        }
        if self.parts.len() == MOST_PARTS {
            return false;
        }
        for &event in self.free {
            let pattern = &self.table.transcript.events[event].pattern;
            let begins = pattern.first().and_then(Piece::literal);
            if self.parts.contains(&event) || begins.is_some_and(|text| !rest.starts_with(text)) {
                continue;
            }
            let ends = rest.char_indices().map(|(at, c)| at + c.len_utf8());
            for end in ends {
                let Some(left) = self.left.checked_sub(1) else { return false };
                self.left = left;
                let (part, behind) = rest.split_at(end);
                let found = readings(pattern, &self.table.transcript.variables, part);
                if found.ways.is_empty() {
                    continue;
                }
                self.parts.push(event);
                if self.found(behind) {
                    return true;
                }
                self.parts.pop();
            }
        }
        false
    }
}
