//! What a check tells, to people or to programs.

use std::time::{Duration, Instant};

use anstyle::Style;
use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use serde::Serialize;

use crate::answer::{Answer, Error, Result};
use crate::cli::Format;
use crate::terminal::{BAD, FAINT, GOOD, NOTE, STRONG, paint, println};

/// Of a failed run's stderr the last lines are shown.
const STDERR_LINES: usize = 12;

/// How a check of one transcript or snippet ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Outcome {
    Passed,
    Failed,
    Skipped,
}

/// All about one check. As JSON it is one line; what does not apply is left out.
#[derive(Debug, Serialize)]
pub(crate) struct Entry {
    /// `chapter/scene`, `chapter/scene.variant` or `chapter/refused/snippet`.
    pub(crate) name: String,
    pub(crate) outcome: Outcome,
    /// Why it failed, in a word, e.g. `LEFT BEHIND`; or why it was skipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cause: Option<String>,
    /// The same at length.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<String>,
    /// Lints, durations above their bound, claims that could not be judged.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) notes: Vec<String>,
    #[serde(flatten)]
    pub(crate) runs: Option<Runs>,
    #[serde(flatten)]
    pub(crate) evidence: Option<Evidence>,
    /// A command that does the same check again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) repeat: Option<String>,
}

/// How much of the space of legal outputs was seen.
#[derive(Debug, Serialize)]
pub(crate) struct Runs {
    /// How many runs were accepted.
    pub(crate) accepted: u32,
    pub(crate) seen: usize,
    /// How many legal outputs there are, in words.
    pub(crate) legal: String,
    /// How long the longest run took, in real time.
    pub(crate) seconds: f64,
}

/// What the run that failed has printed.
#[derive(Debug, Serialize)]
pub(crate) struct Evidence {
    /// Which run, from 1.
    pub(crate) run: u32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// The same in columns, for people.
    #[serde(skip)]
    pub(crate) drawing: String,
}

/// The last line of the JSON form.
#[derive(Debug, Serialize)]
struct Summary {
    passed: usize,
    failed: usize,
    skipped: usize,
    seconds: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
}

/// Prints entries as they come, and the sum at the end.
pub(crate) struct Reporter {
    format: Format,
    /// Hidden where stderr is no terminal.
    bar: ProgressBar,
    /// How wide the names' column is.
    names: usize,
    start: Instant,
    failed: Vec<String>,
    passed: usize,
    skipped: usize,
}

impl Reporter {
    /// `work` is the number of steps that the bar shows.
    pub(crate) fn new(format: Format, names: usize, work: usize) -> Self {
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}");
        let bar = match format {
            Format::Human => ProgressBar::new(work as u64).with_finish(ProgressFinish::AndClear),
            Format::Json => ProgressBar::hidden(),
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
        }
    }

    /// One step is done; `name` is what it was about.
    pub(crate) fn step(&self, name: &str) {
        self.bar.set_message(name.to_owned());
        self.bar.inc(1);
    }

    /// One more check has ended.
    pub(crate) fn entry(&mut self, entry: &Entry) -> Result<()> {
        match entry.outcome {
            Outcome::Passed => self.passed += 1,
            Outcome::Failed => self.failed.push(entry.name.clone()),
            Outcome::Skipped => self.skipped += 1,
        }
        let text = match self.format {
            Format::Json => json(entry)?,
            Format::Human => human(entry, self.names),
        };
        self.bar.suspend(|| println(text))
    }

    /// The sum; how many checks failed.
    pub(crate) fn finish(self, seed: Option<u64>) -> Result<usize> {
        self.bar.finish_and_clear();
        let summary = Summary {
            passed: self.passed,
            failed: self.failed.len(),
            skipped: self.skipped,
            seconds: self.start.elapsed().as_secs_f64(),
            seed,
        };
        match self.format {
            Format::Json => println(json(&summary)?)?,
            Format::Human => {
                if !self.failed.is_empty() {
                    let failed = paint(BAD, "failed");
                    println(format_args!("\n{failed}: {}", self.failed.join(", ")))?;
                }
                println(summary.sentence())?;
            }
        }
        Ok(self.failed.len())
    }
}

/// The only line of the JSON form if a chapter does not compile: nothing was checked.
pub(crate) fn not_compiled(errors: &str) -> Result {
    let message = anstream::adapter::strip_str(errors).to_string();
    println(
        serde_json::json!({ "outcome": Outcome::Failed, "cause": "NOT COMPILED", "message": message }),
    )?;
    Ok(Answer::Broken)
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
        text + &paint(FAINT, format_args!(" in {:.1} s", self.seconds))
    }
}

fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::Question(format!("cannot report: {error}")))
}

/// One line if all is well; else everything that helps to understand.
fn human(entry: &Entry, names: usize) -> String {
    let (style, word) = match entry.outcome {
        Outcome::Passed => (GOOD, "passed"),
        Outcome::Failed => (BAD, "FAILED"),
        Outcome::Skipped => (NOTE, "skipped"),
    };
    let remark = match (&entry.outcome, &entry.runs) {
        (Outcome::Passed, Some(runs)) => runs.sentence(),
        (Outcome::Skipped, _) => entry.cause.clone().unwrap_or_default(),
        (Outcome::Failed, _) => entry
            .evidence
            .as_ref()
            .map_or(String::new(), |evidence| format!("in run {}", evidence.run)),
        _ => String::new(),
    };
    let word = paint(style, format_args!("{word:7}"));
    let heading = format!("{word} {:names$}  {remark}", entry.name);
    let mut lines = vec![heading.trim_end().to_owned()];
    let notes = entry.notes.iter();
    lines.extend(notes.map(|note| format!("        {}", paint(NOTE, note))));
    lines.extend(entry.message.as_deref().map(indented));
    if let Some(Evidence { drawing, stderr, .. }) = &entry.evidence {
        lines.extend((!drawing.is_empty()).then(|| drawing.trim_end().to_owned()));
        lines.extend(tail(stderr));
    }
    if let Some(repeat) = &entry.repeat {
        lines.push(format!("  again: {}", paint(STRONG, repeat)));
    }
    if entry.outcome == Outcome::Failed {
        lines.push(String::new());
    }
    lines.join("\n")
}

impl Runs {
    fn sentence(&self) -> String {
        let Self { seen, legal, .. } = self;
        match legal.as_str() {
            "1" => "seen the one legal output".to_owned(),
            "unbounded" => format!("seen {seen} of any number of legal outputs"),
            _ => format!("seen {seen} of {legal} legal outputs"),
        }
    }
}

fn indented(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| format!("  {line}")).collect();
    lines.join("\n")
}

/// The last lines of what a run said on stderr.
fn tail(stderr: &str) -> Option<String> {
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
