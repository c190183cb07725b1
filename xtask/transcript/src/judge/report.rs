//! Faults as a text that fits a screen.

use std::fmt::Write;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::verdict::{Fault, FaultKind};

/// Faults of one kind that are spelled out; the others are counted.
const MOST_FAULTS: usize = 5;

/// What stands before the text of a fault: its kind, and a space.
const INDENT: usize = 8;

/// The narrowest column in which text can be read.
const NARROWEST: usize = 24;

/// A paragraph for each kind of fault; `name` is the transcript's.
pub(super) fn report(name: &str, faults: &[Fault], columns: Option<usize>) -> String {
    let mut report = String::new();
    let mut told = false;
    for same in faults.chunk_by(|one, next| one.kind == next.kind) {
        let mut lines = Vec::new();
        lines.extend(heading(same).map(str::to_owned));
        for fault in same.iter().take(MOST_FAULTS) {
            let mut text = if same.len() == 1 { fault.message.clone() } else { fault.item.clone() };
            if let Some(line) = fault.transcript_line {
                // The path once is enough.
                let name = if told { "" } else { name };
                told = true;
                _ = write!(text, " ({name}:{line})");
            }
            lines.extend(text.lines().map(str::to_owned));
        }
        let more = same.len().saturating_sub(MOST_FAULTS);
        lines.extend((more > 0).then(|| format!("and {more} more")));
        for (index, line) in lines.iter().enumerate() {
            let kind = if index == 0 { same[0].kind.to_string() } else { String::new() };
            let mut rows = wrap(line, columns.map(|columns| columns.saturating_sub(INDENT)));
            let first = rows.remove(0);
            let row = format!("{kind:INDENT$}{first}");
            let rest = rows.iter().map(|row| format!("{:INDENT$}{row}", ""));
            for row in [row].into_iter().chain(rest) {
                report.push_str(row.trim_end());
                report.push('\n');
            }
        }
    }
    report.truncate(report.trim_end().len());
    report
}

/// What several faults of a kind have in common.
fn heading(faults: &[Fault]) -> Option<&'static str> {
    let several = faults.len() > 1;
    match faults[0].kind {
        FaultKind::Order if several => Some("these came in the wrong order:"),
        FaultKind::Stray if several => Some("no lane can print these:"),
        FaultKind::Missing if several => Some("the program ended without these:"),
        _ => None,
    }
}

/// The line in rows of at most so many columns, broken at spaces; a longer word is broken where it must be.
fn wrap(line: &str, columns: Option<usize>) -> Vec<String> {
    let Some(columns) = columns.map(|columns| columns.max(NARROWEST)) else {
        return vec![line.to_owned()];
    };
    let mut rows = Vec::new();
    let mut rest = line;
    while rest.width() > columns {
        let mut used = 0;
        let fits = rest.char_indices().find(|(_, c)| {
            used += c.width().unwrap_or(0);
            used > columns
        });
        let Some((end, _)) = fits else { break };
        // The space that is broken at may be the first that does not fit.
        let at_space = rest[..end].rfind(' ').filter(|_| !rest[end..].starts_with(' '));
        let end = at_space.filter(|&at| !rest[..at].trim().is_empty()).unwrap_or(end);
        rows.push(rest[..end].trim_end().to_owned());
        rest = rest[end..].trim_start_matches(' ');
    }
    if !rest.is_empty() || rows.is_empty() {
        rows.push(rest.to_owned());
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn lines_break_between_words() {
        let rows = wrap("one two three four five six seven", Some(24));
        assert_eq!(rows, ["one two three four five", "six seven"]);
        assert_eq!(wrap("one two", None), ["one two"]);
        assert_eq!(wrap("", Some(24)), [""]);
    }

    #[test]
    fn a_row_may_be_full() {
        assert_eq!(
            wrap("exactly twenty-four wide and more", Some(24)),
            ["exactly twenty-four wide", "and more"]
        );
    }

    #[test]
    fn a_word_longer_than_a_row_is_broken() {
        let rows = wrap(&format!("see {}", "进".repeat(20)), Some(24));
        assert_eq!(rows, ["see".to_owned(), "进".repeat(12), "进".repeat(8)]);
    }
}
