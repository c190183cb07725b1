//! Faults as a text that fits a screen.

use std::fmt::{self, Write};

use super::verdict::{Fault, FaultKind, Rejected};
use crate::text::{broken, visible};

/// The most faults of one kind that are listed; the others are counted.
const MOST_FAULTS: usize = 5;

/// The column where the text of a fault starts, after its kind and a space.
const INDENT: usize = 8;

/// The narrowest column in which text can be read.
const NARROWEST: usize = 24;

impl Rejected {
    /// The report in lines of at most `columns` columns, broken between words.
    ///
    /// ```
    /// use transcript::{Timing, Transcript, Verdict};
    ///
    /// let transcript = Transcript::parse("demo.txt", "a | one\na -> b\nb | two\n")?;
    /// let Verdict::Rejected(rejected) = transcript.judge("two\none\n", Timing::Judged) else {
    ///     panic!("accepted")
    /// };
    /// assert!(rejected.wrapped(40).lines().all(|line| line.chars().count() <= 40));
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn wrapped(&self, columns: usize) -> String {
        report(&self.name, &self.faults, Some(columns))
    }
}

impl fmt::Display for Rejected {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&report(&self.name, &self.faults, None))
    }
}

/// A paragraph for each kind of fault; `name` is the transcript's.
fn report(name: &str, faults: &[Fault], columns: Option<usize>) -> String {
    let mut report = String::new();
    let mut told = false;
    for same in faults.chunk_by(|one, next| one.kind == next.kind) {
        let mut lines = Vec::new();
        lines.extend(heading(same).map(str::to_owned));
        for fault in same.iter().take(MOST_FAULTS) {
            let mut text = if same.len() == 1 { fault.message.clone() } else { fault.item.clone() };
            if let Some(line) = fault.transcript_line {
                // The path is printed once.
                let name = if told { "" } else { name };
                told = true;
                _ = write!(text, " ({}:{line})", visible(name));
            }
            lines.extend(text.lines().map(str::to_owned));
        }
        let more = same.len().saturating_sub(MOST_FAULTS);
        lines.extend((more > 0).then(|| format!("and {more} more")));
        for (index, line) in lines.iter().enumerate() {
            let kind = if index == 0 { same[0].kind.to_string() } else { String::new() };
            let mut rows = match columns {
                Some(columns) => broken(line, columns.saturating_sub(INDENT).max(NARROWEST)),
                None => vec![line.clone()],
            };
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

/// What is said behind the first of some texts: nothing, ` (3 times)` if they are all the same, or
/// ` and 2 more like it`.
pub(super) fn how_often<T: PartialEq>(texts: &[T]) -> String {
    match texts.len() {
        0 | 1 => String::new(),
        several if texts.iter().all(|text| *text == texts[0]) => format!(" ({several} times)"),
        several => format!(" and {} more like it", several - 1),
    }
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
