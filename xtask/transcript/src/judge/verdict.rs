//! The result of judging an output.

use std::fmt;

use super::sight::Sight;
use crate::budget::Exhausted;
use crate::model::Constraint;
use crate::text::visible;

/// Whether claims marked `timing` are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timing {
    /// They are judged: the machine ran smoothly.
    Judged,
    /// They are not judged: the machine stalled, or was disturbed. A rule is skipped. The line of an event must be
    /// there, with the right text, but it may come at any time, and the bounds of the values that it binds are not
    /// judged.
    Waived,
}

/// What a transcript says about an output.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// The output is legal.
    Accepted(Accepted),
    /// The output is illegal.
    Rejected(Rejected),
    /// The search ended without an answer. This is never a pass.
    Undecided(Exhausted),
}

/// A legal output.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Accepted {
    /// For each line, the event that claims it: an index into [`Transcript::events`](crate::Transcript::events).
    pub events: Vec<usize>,
    /// The lines, with unforeseeable values replaced by `#1`, `#2`, ...: equal for outputs that count as one.
    pub shape: Vec<String>,
    /// Durations above their upper bound: a warning, never a failure.
    pub warnings: Vec<String>,
    /// For each `seen` rule, what the output shows of it.
    pub(super) sights: Vec<Sight>,
}

impl Accepted {
    /// For each of [`Transcript::seen_rules`](crate::Transcript::seen_rules), whether this output satisfies it.
    ///
    /// ```
    /// use transcript::{Timing, Transcript, Verdict};
    ///
    /// let transcript = Transcript::parse("demo.txt", "a | {total:int}\nseen {total} < 10 in 5 runs\n")?;
    /// let seen = |output: &str| match transcript.judge(output, Timing::Judged) {
    ///     Verdict::Accepted(accepted) => accepted.seen(),
    ///     _ => panic!("not accepted"),
    /// };
    /// assert_eq!(seen("9\n"), [true]);
    /// assert_eq!(seen("10\n"), [false]);
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn seen(&self) -> Vec<bool> {
        self.sights.iter().map(|sight| matches!(sight, Sight::Satisfied)).collect()
    }
}

/// An illegal output.
///
/// Displayed as a report: a paragraph for each kind of fault, the transcript's path once, and lines that are not
/// wrapped. [`Rejected::wrapped`] is the same for a terminal.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Rejected {
    /// What is wrong, the most informative fault first; at least one.
    pub faults: Vec<Fault>,
    /// For each line, the lane that it seems to belong to: an index into
    /// [`Transcript::lanes`](crate::Transcript::lanes).
    pub lanes: Vec<Option<usize>>,
    /// The transcript's name.
    pub(super) name: String,
    pub(super) broken: Vec<Constraint>,
}

/// One thing that is wrong with an output. Lines that are wrong for one reason are one fault.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// What sort of fault it is.
    pub kind: FaultKind,
    /// The output lines at fault, from 1; none if something is missing.
    pub output_lines: Vec<usize>,
    /// The line of the transcript that is broken, from 1; none if no line is similar.
    pub transcript_line: Option<usize>,
    /// What is wrong, as a sentence, perhaps of several lines.
    pub message: String,
    /// The same, as an item in a list of faults of this kind.
    pub(super) item: String,
}

/// The sorts of faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FaultKind {
    /// Two lines in the wrong order.
    Order,
    /// A rule does not hold.
    Rule,
    /// Several runs, none of which satisfied a `seen` rule.
    Unseen,
    /// A line that no event can claim.
    Stray,
    /// An event without a line.
    Missing,
    /// The last line has no newline.
    Newline,
    /// It is illegal, and finding out why takes too long.
    Unexplained,
}

impl Fault {
    pub(super) fn new(
        kind: FaultKind,
        output_lines: Vec<usize>,
        transcript_line: Option<usize>,
        message: &str,
    ) -> Fault {
        let message = visible_lines(message);
        Fault { kind, output_lines, transcript_line, item: message.clone(), message }
    }

    /// The same fault, with other words for a list of several of its kind.
    pub(super) fn listed(self, item: &str) -> Fault {
        Fault { item: visible_lines(item), ..self }
    }

    /// Its kind, and its text in a list.
    pub(crate) fn in_a_line(&self) -> String {
        format!("{} {}", self.kind, self.item)
    }
}

/// Escapes each line of a message: a value that a program printed may hold any character.
fn visible_lines(text: &str) -> String {
    text.split('\n').map(visible).collect::<Vec<_>>().join("\n")
}

impl Rejected {
    /// The arrows, rules, bounds and names that this output breaks, in the order of the file, including those that the
    /// report leaves out.
    ///
    /// ```
    /// use transcript::{Timing, Transcript, Verdict};
    ///
    /// let transcript = Transcript::parse("demo.txt", "a | one\na -> b\nb | two\n")?;
    /// let Verdict::Rejected(rejected) = transcript.judge("two\none\n", Timing::Judged) else {
    ///     panic!("accepted")
    /// };
    /// assert_eq!(rejected.broken()[0].text, "a -> b");
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn broken(&self) -> &[Constraint] {
        &self.broken
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(match self {
            FaultKind::Order => "ORDER",
            FaultKind::Rule => "RULE",
            FaultKind::Unseen => "UNSEEN",
            FaultKind::Stray => "STRAY",
            FaultKind::Missing => "MISSING",
            FaultKind::Newline => "NEWLINE",
            FaultKind::Unexplained => "ILLEGAL",
        })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.kind, self.message)
    }
}
