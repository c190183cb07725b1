//! The result for one subject, for people and for programs.

use std::fmt;

use serde::{Serialize, Serializer};
use transcript::{Count, Fault};

/// How a check of one transcript or snippet ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Status {
    Passed,
    Failed,
    Skipped,
}

/// The result of one check. As JSON it is one line; fields that do not apply are left out.
#[derive(Debug, Serialize)]
pub(super) struct Entry {
    /// `chapter/scene`, `chapter/scene.variant` or `chapter/refused/snippet`.
    pub(super) name: String,
    #[serde(rename = "outcome")]
    pub(super) status: Status,
    /// Why it failed, in a word or two, e.g. `LEFT BEHIND`; or why it was skipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cause: Option<String>,
    /// The same at length.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "plain")]
    pub(super) message: Option<String>,
    /// Warnings, durations above their bound, claims that could not be judged.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) notes: Vec<String>,
    /// The message for people, as wide as the terminal.
    #[serde(skip)]
    pub(super) report: Option<String>,
    /// What the runs have shown, for people.
    #[serde(skip)]
    pub(super) shown: String,
    /// What is wrong with the output, one fault after the other.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) faults: Vec<FaultRecord>,
    #[serde(flatten)]
    pub(super) runs: Option<Seen>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) attacks: Option<AttackRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) schedules: Option<ScheduleRecord>,
    /// Why no director can choose the order of the scene.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) undirected: Option<String>,
    #[serde(flatten)]
    pub(super) evidence: Option<Evidence>,
    /// A command that does the same check again, or shows the failed run again, step by step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) repeat: Option<String>,
}

/// One fault of an output, or of all outputs together. Lines count from 1.
#[derive(Debug, Serialize)]
pub(super) struct FaultRecord {
    /// `ORDER`, `RULE`, `UNSEEN`, `STRAY`, `MISSING`, `NEWLINE` or `ILLEGAL`.
    kind: String,
    /// The first line of the output at fault.
    line: Option<usize>,
    /// The line of the transcript that is broken.
    transcript_line: Option<usize>,
    message: String,
}

impl Entry {
    /// A subject in which nothing is wrong.
    pub(super) fn passed(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            status: Status::Passed,
            cause: None,
            message: None,
            report: None,
            shown: String::new(),
            faults: Vec::new(),
            notes: Vec::new(),
            runs: None,
            attacks: None,
            schedules: None,
            undirected: None,
            evidence: None,
            repeat: None,
        }
    }

    pub(super) fn fail(&mut self, cause: &str, message: String) {
        self.status = Status::Failed;
        self.cause = Some(cause.to_owned());
        self.message = Some(message);
    }
}

impl From<&Fault> for FaultRecord {
    fn from(fault: &Fault) -> Self {
        Self {
            kind: fault.kind.to_string(),
            line: fault.output_lines.first().copied(),
            transcript_line: fault.transcript_line,
            message: fault.message.clone(),
        }
    }
}

/// How many of the legal outputs were seen, in runs of any kind.
#[derive(Debug, Serialize)]
pub(super) struct Seen {
    /// How many free runs were accepted.
    pub(super) accepted: u32,
    pub(super) seen: usize,
    /// How many legal outputs there are.
    #[serde(serialize_with = "in_words")]
    pub(super) legal: Count,
    /// How long the longest free run took, in real time.
    pub(super) seconds: f64,
}

/// What attacks have shown.
#[derive(Debug, Serialize)]
pub(super) struct AttackRecord {
    /// How many directed runs there were.
    pub(super) runs: usize,
    /// How many of them were cut off, since they had too many moves.
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) cut_off: usize,
    /// Whether every order was tried, and each legal output was shown.
    pub(super) every_order: bool,
    /// How many arrows the transcript has, and how many of them have withstood an attack.
    pub(super) arrows: usize,
    pub(super) attacked: usize,
    /// Why the scene counts as not attacked, although there were runs.
    #[serde(rename = "not_attacked", skip_serializing_if = "Option::is_none")]
    pub(super) obstacle: Option<String>,
}

/// What the schedules of an explored program have shown.
#[derive(Debug, Serialize)]
pub(super) struct ScheduleRecord {
    /// How many schedules there are, or how many were played.
    #[serde(serialize_with = "as_text")]
    pub(super) number: u128,
    /// Whether these are all.
    pub(super) all: bool,
}

/// Which run has failed.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Failed {
    /// The free run with this number, from 1.
    Free { run: u32 },
    /// The directed run with this number, from 1.
    Directed {
        #[serde(rename = "directed_run")]
        run: usize,
        /// What was done to the scene.
        how: String,
    },
    /// A schedule of the explored program.
    Schedule {},
}

/// What the failed run printed.
#[derive(Debug, Serialize)]
pub(super) struct Evidence {
    #[serde(flatten)]
    pub(super) failed: Failed,
    pub(super) stdout: String,
    pub(super) stderr: String,
    /// The same in columns, for people.
    #[serde(skip)]
    pub(super) drawing: String,
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Free { run } => write!(f, "in run {run}"),
            Self::Directed { run, how } => write!(f, "in directed run {run}: {how}"),
            Self::Schedule {} => write!(f, "in a schedule of its threads"),
        }
    }
}

impl Failed {
    /// What a run of this kind is, for a reader who meets it for the first time.
    pub(super) fn meaning(&self) -> Option<&'static str> {
        match self {
            Self::Free { .. } => None,
            Self::Directed { .. } => Some(
                "The free run passed. In this run, other processes and threads went first, \
                 as the system may let them at any time.",
            ),
            Self::Schedule {} => Some(
                "The runs passed. In this schedule, other threads went first, \
                 as the system may let them at any time.",
            ),
        }
    }
}

pub(super) fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// Removes the colours from the compiler's messages: they are for people.
fn plain<S: Serializer>(message: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    let message = message.as_deref().unwrap_or_default();
    serializer.collect_str(&anstream::adapter::strip_str(message))
}

/// The number as text, without the commas, which are for people.
fn in_words<S: Serializer>(count: &Count, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&count.to_string().replace(',', ""))
}

/// A number that may be larger than a number of JSON.
fn as_text<S: Serializer>(number: &u128, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(number)
}
