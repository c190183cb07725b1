//! STUB of the public interface: the real crate replaces it file by file; signatures stay.
#![allow(missing_docs, clippy::todo, unused_variables, clippy::allow_attributes, clippy::allow_attributes_without_reason)]

use std::fmt;

/// A parsed transcript with its partial order.
#[derive(Debug, Clone)]
pub struct Transcript;

/// Where and why a text is not a transcript. Display: several lines, with file, line, column and a caret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    pub file: String,
    pub line: usize,
    pub column: usize,
}

/// One line that a run prints.
#[derive(Debug, Clone)]
pub struct Event {
    /// Index into [`Transcript::lanes`].
    pub lane: usize,
    /// Line of the transcript file it comes from, from 1.
    pub line: usize,
    /// Its text with loop constants filled in and holes by name, e.g. `child {c}: exiting with 7`.
    pub text: String,
    /// once (`lane |`), optional (`lane ?|`), many (`lane *|`).
    pub times: Times,
    pub timing: bool,
}
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    Once,
    Optional,
    Many,
}

/// One pair of the transitive reduction: `before` and `after` are indices into [`Transcript::events`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    pub before: usize,
    pub after: usize,
    pub reason: Reason,
}
/// Display: `program order`, `child -> parent (line 7)`, `--- (line 3)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    Lane,
    Arrow { text: String, line: usize },
}

/// Two unordered events that can claim the same line, and the like. Display: `file:line: message`.
#[derive(Debug, Clone)]
pub struct Lint {
    pub line: usize,
    pub message: String,
}

/// Whether claims marked `timing` are judged in this run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timing {
    Judged,
    Waived,
}

#[derive(Debug, Clone)]
pub enum Verdict {
    Accepted(Accepted),
    Rejected(Rejected),
    /// The search's budget ended: never a pass. Display of the verdict says so.
    Undecided { states: usize },
}
#[derive(Debug, Clone)]
pub struct Accepted {
    /// For each line of the output the event that claims it.
    pub events: Vec<usize>,
    /// The output with every unforeseeable value replaced: equal shapes are the same legal output.
    pub shape: Vec<String>,
    /// Durations above their upper bound: worth a word, never a failure.
    pub warnings: Vec<String>,
}
/// Display: one paragraph a fault, as in transcript.md (ORDER, RULE, STRAY, MISSING).
#[derive(Debug, Clone)]
pub struct Rejected {
    pub faults: Vec<Fault>,
    /// For each line of the output the lane that claims it, where one does: the columns of a diff.
    pub lanes: Vec<Option<usize>>,
}
impl Rejected {
    /// The same with pids and the like replaced by neutral values, so that two runs with the same fault read the same.
    pub fn neutral(&self) -> Rejected {
        todo!()
    }
}
/// Display: the paragraph.
#[derive(Debug, Clone)]
pub struct Fault {
    pub kind: Kind,
    /// The output line it points at, from 0, if there is one.
    pub line: Option<usize>,
    pub message: String,
}
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Order,
    Rule,
    Stray,
    Missing,
}

/// Display: `140`, `at most 5040`, `more than 10^38`, `unbounded`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    Exactly(u128),
    AtMost(u128),
    /// Beyond `u128`.
    Overflow,
    /// A `*|` lane allows any number of lines.
    Unbounded,
    /// The budget ended before even an upper bound was known.
    Undecided,
}

#[derive(Debug, Clone)]
pub struct Audit {
    pub legal_accepted: usize,
    pub legal: usize,
    pub illegal_rejected: usize,
    pub illegal: usize,
    /// What went wrong, each a paragraph that shows the output and what was expected of it.
    pub failures: Vec<String>,
}

/// What bless made of a transcript and a real output.
#[derive(Debug, Clone)]
pub struct Blessed {
    /// The file's new text.
    pub text: String,
    /// Lines of the file that changed, from 1.
    pub changed: Vec<usize>,
    /// Output lines that no event could be found for (index from 0, text).
    pub unattributed: Vec<(usize, String)>,
    /// Events that no output line could be found for.
    pub missing: Vec<usize>,
}

impl Transcript {
    /// `name` is what messages call the file.
    pub fn parse(name: &str, text: &str) -> Result<Transcript, ParseError> {
        todo!()
    }
    pub fn name(&self) -> &str {
        todo!()
    }
    /// The words after `$`.
    pub fn command(&self) -> &[String] {
        todo!()
    }
    /// The expected exit status.
    pub fn exits(&self) -> i32 {
        todo!()
    }
    /// In order of appearance.
    pub fn lanes(&self) -> &[String] {
        todo!()
    }
    pub fn events(&self) -> &[Event] {
        todo!()
    }
    pub fn covering_edges(&self) -> Vec<Edge> {
        todo!()
    }
    /// The source text of each rule, with its line.
    pub fn rules(&self) -> Vec<(usize, String)> {
        todo!()
    }
    /// Whether any event or rule is marked `timing`.
    pub fn claims_time(&self) -> bool {
        todo!()
    }
    pub fn lint(&self) -> Vec<Lint> {
        todo!()
    }
    /// `output` as the program printed it.
    pub fn judge(&self, output: &str, timing: Timing) -> Verdict {
        todo!()
    }
    pub fn count(&self) -> Count {
        todo!()
    }
    /// One legal output, at random.
    pub fn sample(&self, rng: &mut fastrand::Rng) -> Option<Vec<String>> {
        todo!()
    }
    /// The legal output that the file itself spells, with neutral values (pids 100, 101, ...).
    pub fn neutral(&self) -> Vec<String> {
        todo!()
    }
    /// The partial order as swim-lanes in Unicode text.
    pub fn picture(&self) -> String {
        todo!()
    }
    pub fn audit(&self, seed: u64) -> Audit {
        todo!()
    }
    pub fn bless(&self, output: &str) -> Blessed {
        todo!()
    }
    /// A draft of a transcript from several outputs of one command; orders seen in all of them stand as `#? a -> b`.
    pub fn draft(command: &str, outputs: &[String]) -> String {
        todo!()
    }
}

macro_rules! display {
    ($($t:ty),*) => {$(impl fmt::Display for $t { fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result { todo!() } })*};
}
display!(ParseError, Reason, Lint, Rejected, Fault, Count, Kind);
impl std::error::Error for ParseError {}
