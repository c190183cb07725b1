//! The report of a check, for people or for programs.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use console::Term;
use indicatif::{ProgressBar, ProgressFinish};
use serde::Serialize;

use super::entry::{Entry, Evidence, Failed, Status};
use super::summary::Summary;
use crate::cli::Format;
use crate::drawing::width;
use crate::exit::{Error, Result};
use crate::terminal::{BAD, GOOD, NOTE, STRONG, fitted, paint, println, progress, wrapped};

/// The version of the JSON form. It changes when a key is removed, or changes its meaning.
const VERSION: u32 = 1;
/// The left margin of a report.
pub(super) const MARGIN: usize = 2;
/// How many of the last lines on stderr are shown for a failed run.
const STDERR_LINES: usize = 12;

/// Prints entries as they come, and the sum at the end.
pub(super) struct Reporter {
    format: Format,
    /// Hidden if the report does not go to a terminal.
    bar: ProgressBar,
    /// The width of the column of names.
    names: usize,
    start: Instant,
    sum: Summary,
    /// Whether the last line printed was an empty one.
    parted: bool,
}

impl Reporter {
    /// `work` is the number of steps that the bar shows.
    pub(super) fn new(format: Format, names: usize, work: usize) -> Self {
        let bar = match format {
            Format::Human if shows_progress() => {
                progress(work).with_finish(ProgressFinish::AndClear)
            }
            Format::Human | Format::Json => ProgressBar::hidden(),
        };
        bar.enable_steady_tick(Duration::from_millis(200));
        let sum = Summary::default();
        Self { format, bar, names, start: Instant::now(), sum, parted: false }
    }

    /// One step is done, for the subject `name`.
    pub(super) fn step(&self, name: &str) {
        self.bar.set_message(name.to_owned());
        self.bar.inc(1);
    }

    /// Prints the result of one more check.
    pub(super) fn entry(&mut self, entry: &Entry) -> Result<()> {
        self.sum.add(entry);
        self.parted = entry.status == Status::Failed;
        let text = match self.format {
            Format::Json => json(entry)?,
            Format::Human => human(entry, self.names),
        };
        self.bar.suspend(|| println(text))
    }

    /// Prints the sum, of a check with this `seed`, or without attacks for this reason. Returns how many checks failed.
    pub(super) fn finish(
        mut self,
        seed: Option<u64>,
        not_attacked: Option<String>,
        unchecked: usize,
    ) -> Result<usize> {
        self.bar.finish_and_clear();
        self.sum.seconds = self.start.elapsed().as_secs_f64();
        self.sum.unchecked = unchecked;
        self.sum.not_attacked = not_attacked;
        self.sum.seed = seed;
        match self.format {
            Format::Json => println(json(&self.sum)?)?,
            Format::Human => {
                if let Some(failed) = self.sum.list() {
                    let gap = if self.parted { "" } else { "\n" };
                    println(format_args!("{gap}{failed}"))?;
                }
                self.sum.shown().map_or(Ok(()), println)?;
                println(self.sum.sentence())?;
            }
        }
        Ok(self.sum.failed())
    }
}

/// Whether a progress bar may move on stderr: only if the report is on the same terminal.
fn shows_progress() -> bool {
    std::io::stderr().is_terminal() && std::io::stdout().is_terminal()
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
    let failed = entry.evidence.as_ref().map(|evidence| &evidence.failed);
    let (style, word, remark) = match entry.status {
        Status::Passed => (GOOD, "passed", entry.shown.clone()),
        Status::Failed => (BAD, "FAILED", failed.map_or(String::new(), ToString::to_string)),
        Status::Skipped => (NOTE, "skipped", entry.cause.clone().unwrap_or_default()),
    };
    let word = paint(style, format_args!("{word:7}"));
    let heading = format!("{word} {:names$}  {remark}", entry.name);
    let mut lines = vec![fitted(heading.trim_end().to_owned(), &Term::stdout())];
    let notes = entry.notes.iter();
    lines.extend(notes.map(|note| {
        let note = wrapped(&format!("        {note}"), width());
        paint(NOTE, note)
    }));
    let meaning = failed.and_then(Failed::meaning);
    lines.extend(meaning.map(|meaning| {
        let rows = wrapped(meaning, width().saturating_sub(MARGIN));
        let rows: Vec<&str> = rows.lines().map(str::trim_start).collect();
        indented(&rows.join("\n"))
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
