//! What there is to say of an output.

use std::fmt;

/// Whether claims marked `timing` are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timing {
    /// They are: the machine ran smoothly.
    Judged,
    /// They are not: the machine stalled. A rule is passed over, an event may claim any line, or none.
    Waived,
}

/// What a transcript says of an output.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// The output is legal.
    Accepted(Accepted),
    /// It is not.
    Rejected(Rejected),
    /// The search ended before it knew. Never a pass.
    Undecided {
        /// How many states it had visited.
        states: usize,
    },
}

/// A legal output.
#[derive(Debug, Clone)]
pub struct Accepted {
    /// For each line the event that claims it, an index into [`Transcript::events`](crate::Transcript::events).
    pub events: Vec<usize>,
    /// The lines with values nobody can foresee replaced by `#1`, `#2`, ...: equal for outputs that count as one.
    pub shape: Vec<String>,
    /// Durations above their upper bound: worth a word, never a failure.
    pub warnings: Vec<String>,
}

/// An illegal output. Displayed as one paragraph a fault.
#[derive(Debug, Clone)]
pub struct Rejected {
    /// What is wrong, the most telling first; at least one.
    pub faults: Vec<Fault>,
    /// For each line the lane that it seems to belong to, an index into [`Transcript::lanes`](crate::Transcript::lanes).
    pub lanes: Vec<Option<usize>>,
}

/// One thing wrong with an output. Displayed as a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What sort of fault it is.
    pub kind: FaultKind,
    /// The line of the output that it points at, from 0.
    pub line: Option<usize>,
    /// The paragraph behind the kind; further lines are not indented.
    pub message: String,
}

/// The sorts of faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// Two lines in the wrong order.
    Order,
    /// A rule does not hold.
    Rule,
    /// A line that no event can claim.
    Stray,
    /// An event without a line.
    Missing,
}

impl fmt::Display for FaultKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(match self {
            FaultKind::Order => "ORDER",
            FaultKind::Rule => "RULE",
            FaultKind::Stray => "STRAY",
            FaultKind::Missing => "MISSING",
        })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = self.message.lines();
        write!(out, "{:7} {}", self.kind, lines.next().unwrap_or_default())?;
        lines.try_for_each(|line| write!(out, "\n        {line}"))
    }
}

impl fmt::Display for Rejected {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut faults = self.faults.iter();
        if let Some(first) = faults.next() {
            write!(out, "{first}")?;
        }
        faults.try_for_each(|fault| write!(out, "\n{fault}"))
    }
}
