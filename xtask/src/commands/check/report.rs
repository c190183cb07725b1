//! The report of a check, for people or for programs.

use std::fmt;
use std::time::{Duration, Instant};

use anstyle::Style;
use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use serde::{Serialize, Serializer};
use transcript::{Count, Fault};

use crate::cli::Format;
use crate::drawing::width;
use crate::exit::{Error, Result};
use crate::terminal::{BAD, FAINT, GOOD, NOTE, STRONG, paint, println, wrapped};

/// The version of the JSON form. It changes when a key is removed, or changes its meaning.
const VERSION: u32 = 1;
/// The left margin of a report.
pub(super) const MARGIN: usize = 2;
/// How many of the last lines on stderr are shown for a failed run.
const STDERR_LINES: usize = 12;

/// How a check of one transcript or snippet ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    Passed,
    Failed,
    Skipped,
}

/// The result of one check. As JSON it is one line; fields that do not apply are left out.
#[derive(Debug, Serialize)]
pub(crate) struct Entry {
    /// `chapter/scene`, `chapter/scene.variant` or `chapter/refused/snippet`.
    pub(crate) name: String,
    #[serde(rename = "outcome")]
    pub(crate) status: Status,
    /// Why it failed, in a word or two, e.g. `LEFT BEHIND`; or why it was skipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cause: Option<String>,
    /// The same at length.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "plain")]
    pub(crate) message: Option<String>,
    /// Warnings, durations above their bound, claims that could not be judged.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) notes: Vec<String>,
    /// The message for people, as wide as the terminal.
    #[serde(skip)]
    pub(crate) report: Option<String>,
    /// What is wrong with the output, one fault after the other.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) faults: Vec<FaultRecord>,
    #[serde(flatten)]
    pub(crate) runs: Option<Seen>,
    #[serde(rename = "attacks", skip_serializing_if = "Option::is_none")]
    pub(crate) attacked: Option<AttackRecord>,
    /// Why no director can choose the order of the scene.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) undirected: Option<String>,
    #[serde(flatten)]
    pub(crate) evidence: Option<Evidence>,
    /// A command that does the same check again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) repeat: Option<String>,
}

/// One fault of an output, or of all outputs together. Lines count from 1.
#[derive(Debug, Serialize)]
pub(crate) struct FaultRecord {
    /// `ORDER`, `RULE`, `UNSEEN`, `STRAY`, `MISSING`, `NEWLINE` or `ILLEGAL`.
    kind: String,
    /// The first line of the output at fault.
    line: Option<usize>,
    /// The line of the transcript that is broken.
    transcript_line: Option<usize>,
    message: String,
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

/// How many of the legal outputs were seen.
#[derive(Debug, Serialize)]
pub(crate) struct Seen {
    /// How many runs were accepted.
    pub(crate) accepted: u32,
    pub(crate) seen: usize,
    /// How many legal outputs there are.
    #[serde(serialize_with = "in_words")]
    pub(crate) legal: Count,
    /// How long the longest run took, in real time.
    pub(crate) seconds: f64,
}

/// What directed runs have shown.
#[derive(Debug, Serialize)]
pub(crate) struct AttackRecord {
    pub(crate) runs: usize,
    /// Whether these runs stand for every order of the scene.
    pub(crate) every_order: bool,
    /// How many arrows the transcript has, and how many of them have withstood an attack.
    pub(crate) arrows: usize,
    pub(crate) attacked: usize,
    /// The same in words.
    #[serde(skip)]
    pub(crate) shown: String,
}

/// Which run has failed.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Shown {
    /// The free run with this number, from 1.
    In { run: u32 },
    /// A directed run.
    Directed {
        #[serde(rename = "directed_run")]
        run: usize,
        /// What was done to the scene.
        how: String,
    },
}

/// What the failed run printed.
#[derive(Debug, Serialize)]
pub(crate) struct Evidence {
    #[serde(flatten)]
    pub(crate) shown: Shown,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// The same in columns, for people.
    #[serde(skip)]
    pub(crate) drawing: String,
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::In { run } => write!(f, "in run {run}"),
            Self::Directed { run, how } => write!(f, "in directed run {run}: {how}"),
        }
    }
}

/// The last line of the JSON form.
#[derive(Debug, Serialize)]
struct Summary {
    passed: usize,
    failed: usize,
    skipped: usize,
    /// How many subjects were not checked because of Ctrl-C.
    #[serde(skip_serializing_if = "is_zero")]
    unchecked: usize,
    seconds: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
}

/// Prints entries as they come, and the sum at the end.
pub(crate) struct Reporter {
    format: Format,
    /// Hidden if the report goes into a pipe.
    bar: ProgressBar,
    /// The width of the column of names.
    names: usize,
    start: Instant,
    failed: Vec<String>,
    passed: usize,
    skipped: usize,
    /// Whether the last line printed was an empty one.
    parted: bool,
}

impl Reporter {
    /// `work` is the number of steps that the bar shows.
    pub(crate) fn new(format: Format, names: usize, work: usize) -> Self {
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}");
        let bar = match format {
            Format::Human if super::shows_progress() => {
                ProgressBar::new(work as u64).with_finish(ProgressFinish::AndClear)
            }
            Format::Human | Format::Json => ProgressBar::hidden(),
        };
        if let Ok(style) = style {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self {
            format,
            bar,
            names,
            start: Instant::now(),
            failed: Vec::new(),
            passed: 0,
            skipped: 0,
            parted: false,
        }
    }

    /// One step is done, for the subject `name`.
    pub(crate) fn step(&self, name: &str) {
        self.bar.set_message(name.to_owned());
        self.bar.inc(1);
    }

    /// Prints the result of one more check.
    pub(crate) fn entry(&mut self, entry: &Entry) -> Result<()> {
        match entry.status {
            Status::Passed => self.passed += 1,
            Status::Failed => self.failed.push(entry.name.clone()),
            Status::Skipped => self.skipped += 1,
        }
        self.parted = entry.status == Status::Failed;
        let text = match self.format {
            Format::Json => json(entry)?,
            Format::Human => human(entry, self.names),
        };
        self.bar.suspend(|| println(text))
    }

    /// Prints the sum. Returns how many checks failed.
    pub(crate) fn finish(self, seed: Option<u64>, unchecked: usize) -> Result<usize> {
        self.bar.finish_and_clear();
        let summary = Summary {
            passed: self.passed,
            failed: self.failed.len(),
            skipped: self.skipped,
            unchecked,
            seconds: self.start.elapsed().as_secs_f64(),
            seed,
        };
        match self.format {
            Format::Json => println(json(&summary)?)?,
            Format::Human => {
                if !self.failed.is_empty() {
                    let failed = paint(BAD, "failed");
                    let gap = if self.parted { "" } else { "\n" };
                    println(format_args!("{gap}{failed}: {}", self.failed.join(", ")))?;
                }
                println(summary.sentence())?;
            }
        }
        Ok(self.failed.len())
    }
}

/// Removes the colours from the compiler's messages: they are for people.
fn plain<S: Serializer>(
    message: &Option<String>,
    serializer: S,
) -> std::result::Result<S::Ok, S::Error> {
    let message = message.as_deref().unwrap_or_default();
    serializer.collect_str(&anstream::adapter::strip_str(message))
}

/// The number as text, without the commas, which are for people.
fn in_words<S: Serializer>(count: &Count, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.serialize_str(&count.to_string().replace(',', ""))
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl Summary {
    fn sentence(&self) -> String {
        let counted = |count: usize, style: Style, word: &str| match count {
            0 => format!("0 {word}"),
            _ => paint(style, format_args!("{count} {word}")),
        };
        let mut text = format!(
            "{}, {}",
            counted(self.passed, GOOD, "passed"),
            counted(self.failed, BAD, "failed")
        );
        if self.skipped > 0 {
            text += &format!(", {}", counted(self.skipped, NOTE, "skipped"));
        }
        if self.unchecked > 0 {
            text += &format!(", {}", counted(self.unchecked, NOTE, "not checked"));
        }
        text + &paint(FAINT, format_args!(" in {:.1} s", self.seconds))
    }
}

fn json(value: &impl Serialize) -> Result<String> {
    #[derive(Serialize)]
    struct Versioned<'a, T> {
        version: u32,
        #[serde(flatten)]
        value: &'a T,
    }
    serde_json::to_string(&Versioned { version: VERSION, value })
        .map_err(|error| Error::Question(format!("cannot report: {error}")))
}

/// One line if the check passed; otherwise everything that helps to understand the failure.
fn human(entry: &Entry, names: usize) -> String {
    let (style, word) = match entry.status {
        Status::Passed => (GOOD, "passed"),
        Status::Failed => (BAD, "FAILED"),
        Status::Skipped => (NOTE, "skipped"),
    };
    let remark = match (&entry.status, &entry.runs) {
        (Status::Passed, Some(runs)) => match (&entry.attacked, &entry.undirected) {
            (Some(attacked), _) => attacked.shown.clone(),
            (None, Some(reason)) => {
                format!("{}; not directed: {reason}", runs.legal.seen(runs.seen))
            }
            (None, None) => runs.legal.seen(runs.seen),
        },
        (Status::Skipped, _) => entry.cause.clone().unwrap_or_default(),
        (Status::Failed, _) => {
            entry.evidence.as_ref().map_or(String::new(), |evidence| evidence.shown.to_string())
        }
        _ => String::new(),
    };
    let word = paint(style, format_args!("{word:7}"));
    let heading = format!("{word} {:names$}  {remark}", entry.name);
    let mut lines = vec![heading.trim_end().to_owned()];
    let notes = entry.notes.iter();
    lines.extend(notes.map(|note| {
        let note = wrapped(&format!("        {note}"), width());
        paint(NOTE, note)
    }));
    lines.extend(entry.report.as_ref().or(entry.message.as_ref()).map(|text| indented(text)));
    if let Some(Evidence { drawing, stderr, .. }) = &entry.evidence {
        lines.extend((!drawing.is_empty()).then(|| drawing.trim_end().to_owned()));
        lines.extend(tail(stderr));
    }
    if let Some(repeat) = &entry.repeat {
        lines.push(format!("  again: {}", paint(STRONG, repeat)));
    }
    if entry.status == Status::Failed {
        lines.push(String::new());
    }
    lines.join("\n")
}

fn indented(text: &str) -> String {
    let margin = " ".repeat(MARGIN);
    let lines: Vec<String> = text.lines().map(|line| format!("{margin}{line}")).collect();
    lines.join("\n")
}

/// The last lines that a run printed on stderr.
fn tail(stderr: &str) -> Option<String> {
    let stderr = runner::escaped_lines(stderr);
    let lines: Vec<&str> = stderr.trim().lines().collect();
    let from = lines.len().saturating_sub(STDERR_LINES);
    let heading = match from {
        _ if lines.is_empty() => return None,
        0 => "stderr:".to_owned(),
        _ => format!("the last {STDERR_LINES} of {} lines on stderr:", lines.len()),
    };
    let shown = indented(&lines[from..].join("\n"));
    Some(indented(&format!("{heading}\n{shown}")))
}
