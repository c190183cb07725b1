//! What a run is worth: held against its transcript, passed, skipped or failed, and why.

use std::fmt;
use std::str;

use nix::sys::signal::Signal;
use transcript::{Accepted, Rejected, Transcript, Verdict};

use crate::runner::{Ended, Left, Report};

/// The exit code by which a scene says that this machine lacks something.
pub(crate) const SKIPPED: i32 = 77;
/// The exit code of a Rust program whose main thread panicked.
const PANICKED: i32 = 101;

/// What became of one run.
#[derive(Debug)]
pub(crate) enum Judgement {
    Passed(Accepted),
    /// The scene cannot be played here, for the reason it gave.
    Skipped(String),
    Failed(Failure),
}

/// Why a run failed. Display: what happened, and what the transcript says to the output.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) cause: Cause,
    /// Where the output, as far as it came, breaks the transcript.
    pub(crate) rejected: Option<Rejected>,
    /// The same with neutral values.
    neutral: Option<Rejected>,
}

/// What happened. Display: one sentence behind a word in capitals, nothing for `Rejected`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cause {
    Crashed(i32),
    Hung {
        seconds: f64,
        running: Vec<Left>,
    },
    Flooded,
    Stopped,
    LeftBehind(Vec<Left>),
    ExitStatus {
        found: i32,
        expected: i32,
    },
    NotText {
        line: usize,
        byte: u8,
    },
    /// It ran well, but printed what the transcript does not allow.
    Rejected,
    Undecided {
        states: usize,
    },
}

/// Judges a run by its transcript.
pub(crate) fn judge(transcript: &Transcript, report: &Report) -> Judgement {
    if report.ended == Ended::Code(SKIPPED) && transcript.exits() != SKIPPED {
        let reason = String::from_utf8_lossy(&report.stderr);
        return Judgement::Skipped(reason.trim().to_owned());
    }
    if report.ended == Ended::Flood {
        return Judgement::Failed(Failure::from(Cause::Flooded));
    }
    let text = text(&report.stdout);
    let verdict = text.as_ref().map(|text| transcript.judge(text, report.timing));
    let (cause, rejected) = match (misdeed(report, Some(transcript.exits())), verdict) {
        (None, Ok(Verdict::Accepted(accepted))) => return Judgement::Passed(accepted),
        (None, Ok(Verdict::Undecided { states })) => (Cause::Undecided { states }, None),
        (None, Ok(Verdict::Rejected(rejected))) => (Cause::Rejected, Some(rejected)),
        (None, Err(not_text)) => (not_text.clone(), None),
        (Some(cause), Ok(Verdict::Rejected(rejected))) => (cause, Some(rejected)),
        (Some(cause), _) => (cause, None),
    };
    let neutral = rejected.as_ref().map(|rejected| {
        let output = transcript.neutral_output(text.unwrap_or_default());
        match transcript.judge(&output, report.timing) {
            Verdict::Rejected(neutral) => neutral,
            // Then it is its values that are illegal, and they are worth telling.
            Verdict::Accepted(_) | Verdict::Undecided { .. } => rejected.clone(),
        }
    });
    Judgement::Failed(Failure { cause, rejected, neutral })
}

/// What is wrong with a run, whatever it printed. Without an `expected` exit code any will do.
pub(crate) fn misdeed(report: &Report, expected: Option<i32>) -> Option<Cause> {
    match (report.ended, expected) {
        (Ended::Signal(signal), _) => Some(Cause::Crashed(signal)),
        (Ended::Deadline, _) => {
            Some(Cause::Hung { seconds: report.seconds, running: report.left.clone() })
        }
        (Ended::Flood, _) => Some(Cause::Flooded),
        (Ended::Stopped, _) => Some(Cause::Stopped),
        (Ended::Code(found), Some(expected)) if found != expected => {
            Some(Cause::ExitStatus { found, expected })
        }
        (Ended::Code(_), _) if report.left.is_empty() => None,
        (Ended::Code(_), _) => Some(Cause::LeftBehind(report.left.clone())),
    }
}

fn text(bytes: &[u8]) -> Result<&str, Cause> {
    str::from_utf8(bytes).map_err(|error| {
        let (before, rest) = bytes.split_at(error.valid_up_to());
        Cause::NotText {
            line: 1 + before.iter().filter(|byte| **byte == b'\n').count(),
            byte: rest[0],
        }
    })
}

impl From<Cause> for Failure {
    fn from(cause: Cause) -> Self {
        Self { cause, rejected: None, neutral: None }
    }
}

impl Failure {
    /// The same with process ids replaced by neutral ones, so that two runs with the same fault read the same.
    pub(crate) fn neutral(&self) -> Self {
        let mut cause = self.cause.clone();
        if let Cause::Hung { running: left, .. } | Cause::LeftBehind(left) = &mut cause {
            left.sort_by_key(Left::to_string);
            for (number, left) in (100..).zip(left) {
                if let Left::Running { pid, .. } | Left::Unwaited { pid, .. } = left {
                    *pid = number;
                }
            }
        }
        Self { cause, rejected: self.neutral.clone(), neutral: self.neutral.clone() }
    }
}

impl Cause {
    /// The outcome in a word or two.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Crashed(_) => "CRASHED",
            Self::Hung { .. } => "HUNG",
            Self::Flooded => "TOO MUCH OUTPUT",
            Self::Stopped => "STOPPED",
            Self::LeftBehind(_) => "LEFT BEHIND",
            Self::ExitStatus { .. } => "EXIT STATUS",
            Self::NotText { .. } => "NOT TEXT",
            Self::Rejected => "FAILED",
            Self::Undecided { .. } => "UNDECIDED",
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.cause, &self.rejected) {
            (Cause::Rejected, Some(rejected)) => rejected.fmt(f),
            (cause, Some(rejected)) => write!(f, "{cause}\n{rejected}"),
            (cause, None) => cause.fmt(f),
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = self.word();
        match self {
            Self::Crashed(signal) => match Signal::try_from(*signal) {
                Ok(signal) => write!(f, "{word}  killed by {signal}"),
                Err(_) => write!(f, "{word}  killed by signal {signal}"),
            },
            Self::Hung { seconds, running } => {
                write!(f, "{word}  stopped at its deadline, after {seconds:.1} s")?;
                running.iter().try_for_each(|left| write!(f, "\n    {left}"))
            }
            Self::Flooded => write!(f, "{word}  more than 16 MiB on stdout"),
            Self::Stopped => write!(f, "{word}  somebody ended the supervisor"),
            Self::LeftBehind(left) => {
                write!(f, "{word}  when the scene ended:")?;
                left.iter().try_for_each(|left| write!(f, "\n    {left}"))
            }
            Self::ExitStatus { found, expected } => {
                let panicked = if *found == PANICKED { ", a panic" } else { "" };
                write!(f, "{word}  {found}{panicked}; expected {expected}")
            }
            Self::NotText { line, byte } => {
                write!(
                    f,
                    "{word}  output line {line} holds the byte 0x{byte:02x}, which is no UTF-8"
                )
            }
            Self::Rejected => f.write_str(word),
            Self::Undecided { states } => write!(
                f,
                "{word}  the search gave up after {states} states; make lines easier to tell apart"
            ),
        }
    }
}
