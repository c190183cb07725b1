//! Judges a run by its transcript: passed, skipped or failed, and why.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str;

use nix::sys::signal::Signal;
use runner::{Ending, Leftover, Recording, Stream};
use transcript::{Accepted, Exhausted, Fault, Rejected, Sightings, Transcript, Verdict};

use crate::player::Played;
use crate::terminal::wrapped;

/// The exit code of a scene if this machine lacks something.
pub(crate) const SKIPPED: i32 = 77;
/// The exit code of a Rust program whose main thread panicked.
pub(crate) const PANICKED: i32 = 101;

/// The result of one run.
#[derive(Debug)]
pub(crate) enum Judgement {
    Passed(Accepted),
    /// The scene cannot be played here, for the reason that it printed.
    Skipped(String),
    Failed(Failure),
}

/// Why a run failed. Displays what happened, and how the output breaks the transcript.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) cause: Cause,
    /// How the output so far breaks the transcript.
    pub(crate) rejected: Option<Rejected>,
    /// The output with neutral values.
    neutral: Option<Rejected>,
}

/// What happened. Displayed as a word in capitals and a sentence; empty for `Rejected`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cause {
    Crashed(i32),
    Hung {
        seconds: f64,
        running: Vec<Leftover>,
    },
    /// It was directed, and nothing could happen any more.
    Stuck {
        running: Vec<Leftover>,
    },
    Flooded(Stream),
    /// Its supervisor was killed by this signal, or stopped.
    Unsupervised {
        signal: Option<i32>,
        left: Vec<Leftover>,
    },
    LeftBehind(Vec<Leftover>),
    ExitStatus {
        found: i32,
        expected: i32,
    },
    NotText {
        line: usize,
        byte: u8,
    },
    /// It ended well, but printed something that the transcript does not allow.
    Rejected,
    Undecided(Exhausted),
}

/// Judges a run by its transcript.
pub(crate) fn judge(transcript: &Transcript, played: &Played) -> Judgement {
    let Played { recording, timing } = played;
    let stdout = recording.stdout();
    if recording.ending == Ending::Code(SKIPPED) && transcript.exits() != SKIPPED {
        let reason = recording.stderr();
        let reason = String::from_utf8_lossy(&reason);
        return Judgement::Skipped(runner::escaped_lines(reason.trim()));
    }
    let cause = failure_cause(recording, Some(transcript.exits()));
    if let Some(cause @ (Cause::Flooded(_) | Cause::Unsupervised { .. })) = cause {
        // The output is incomplete: the transcript would report lines as missing that the scene has printed.
        return Judgement::Failed(Failure::from(cause));
    }
    let text = text(&stdout);
    let verdict = text.as_ref().map(|text| transcript.judge(text, *timing));
    let (cause, rejected) = match (cause, verdict) {
        (None, Ok(Verdict::Accepted(accepted))) => return Judgement::Passed(accepted),
        (None, Ok(Verdict::Undecided(why))) => (Cause::Undecided(why), None),
        (None, Ok(Verdict::Rejected(rejected))) => (Cause::Rejected, Some(rejected)),
        (None, Err(not_text)) => (not_text.clone(), None),
        (Some(cause), Ok(Verdict::Rejected(rejected))) => (cause, Some(rejected)),
        (Some(cause), _) => (cause, None),
    };
    let neutral = rejected.as_ref().map(|rejected| {
        let output = transcript.neutral_output(text.unwrap_or_default());
        match transcript.judge(&output, *timing) {
            Verdict::Rejected(neutral) => neutral,
            // Then its values are illegal, and the report must show them.
            Verdict::Accepted(_) | Verdict::Undecided(_) => rejected.clone(),
        }
    });
    Judgement::Failed(Failure { cause, rejected, neutral })
}

/// What is wrong with a run apart from its output. Without an `expected` exit code, any code is accepted.
pub(crate) fn failure_cause(recording: &Recording, expected: Option<i32>) -> Option<Cause> {
    let unsupervised =
        |signal| Some(Cause::Unsupervised { signal, left: recording.leftovers.clone() });
    match (recording.ending, expected) {
        (Ending::Signal(signal), _) => Some(Cause::Crashed(signal)),
        (Ending::Deadline, _) => Some(Cause::Hung {
            seconds: recording.wall.as_secs_f64(),
            running: recording.leftovers.clone(),
        }),
        (Ending::Stuck, _) => Some(Cause::Stuck { running: recording.leftovers.clone() }),
        (Ending::Flood(stream), _) => Some(Cause::Flooded(stream)),
        (Ending::SupervisorKilled(signal), _) => unsupervised(Some(signal)),
        (Ending::Code(found), Some(expected)) if found != expected => {
            Some(Cause::ExitStatus { found, expected })
        }
        (Ending::Code(_), _) if recording.leftovers.is_empty() => None,
        (Ending::Code(_), _) => Some(Cause::LeftBehind(recording.leftovers.clone())),
        // SupervisorStopped, and any variant that the runner may get later.
        _ => unsupervised(None),
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
    /// The failure of several runs that passed one by one: none of them satisfied a `seen` rule.
    pub(crate) fn unseen(transcript: &Transcript, sightings: &Sightings) -> Option<Self> {
        let rejected = Some(transcript.unseen(sightings)?);
        let neutral = transcript.unseen(&sightings.neutral());
        Some(Self { cause: Cause::Rejected, rejected, neutral })
    }

    /// What happened, in a word or two; for an illegal output its first fault, such as `ORDER`.
    pub(crate) fn word(&self) -> String {
        match (&self.cause, self.faults()) {
            (Cause::Rejected, [first, ..]) => first.kind.to_string(),
            (cause, _) => cause.word().to_owned(),
        }
    }

    /// What is wrong with the output.
    pub(crate) fn faults(&self) -> &[Fault] {
        self.rejected.as_ref().map_or(&[], |rejected| &rejected.faults)
    }

    /// The report for people, in lines of at most `columns` columns.
    pub(crate) fn report(&self, columns: usize) -> String {
        let cause = wrapped(&self.cause.to_string(), columns);
        match (&self.cause, &self.rejected) {
            (Cause::Rejected, Some(rejected)) => rejected.wrapped(columns),
            (_, Some(rejected)) => format!("{cause}\n{}", rejected.wrapped(columns)),
            (_, None) => cause,
        }
    }

    /// The same with process ids replaced by neutral ones, so that two runs with the same fault read the same.
    pub(crate) fn neutral(&self) -> Self {
        let mut cause = self.cause.clone();
        let left = cause.left_mut();
        let mut pids: Vec<&mut i32> = left.iter_mut().flat_map(Leftover::pids_mut).collect();
        let found: BTreeSet<i32> = pids.iter().map(|pid| **pid).collect();
        let neutral: BTreeMap<i32, i32> = found.into_iter().zip(100..).collect();
        pids.iter_mut().for_each(|pid| **pid = neutral[&**pid]);
        left.sort_by_key(Leftover::to_string);
        Self { cause, rejected: self.neutral.clone(), neutral: self.neutral.clone() }
    }
}

impl Cause {
    /// The outcome in a word or two.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Crashed(_) => "CRASHED",
            Self::Hung { .. } | Self::Stuck { .. } => "HUNG",
            Self::Flooded(_) => "TOO MUCH OUTPUT",
            Self::Unsupervised { .. } => "UNSUPERVISED",
            Self::LeftBehind(_) => "LEFT BEHIND",
            Self::ExitStatus { .. } => "EXIT STATUS",
            Self::NotText { .. } => "NOT TEXT",
            Self::Rejected => "FAILED",
            Self::Undecided(_) => "UNDECIDED",
        }
    }

    /// What was still there.
    fn left(&self) -> &[Leftover] {
        match self {
            Self::Hung { running: left, .. }
            | Self::Stuck { running: left }
            | Self::Unsupervised { left, .. }
            | Self::LeftBehind(left) => left,
            _ => &[],
        }
    }

    fn left_mut(&mut self) -> &mut [Leftover] {
        match self {
            Self::Hung { running: left, .. }
            | Self::Stuck { running: left }
            | Self::Unsupervised { left, .. }
            | Self::LeftBehind(left) => left,
            _ => &mut [],
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.report(usize::MAX))
    }
}

/// Real-time signals have numbers only.
fn signal_name(signal: i32) -> String {
    Signal::try_from(signal).map_or_else(|_| format!("signal {signal}"), |name| name.to_string())
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = self.word();
        match self {
            Self::Crashed(signal) => write!(f, "{word}  killed by {}", signal_name(*signal)),
            Self::Hung { seconds, .. } => {
                write!(f, "{word}  stopped at its deadline, after {seconds:.1} s")
            }
            Self::Stuck { .. } => write!(f, "{word}  nothing could happen any more"),
            Self::Flooded(stream) => {
                let (bytes, lines) = (runner::MOST_BYTES >> 20, runner::MOST_LINES);
                let stream = if *stream == Stream::Stdout { "stdout" } else { "stderr" };
                write!(f, "{word}  more than {bytes} MiB or {lines} lines on {stream}")
            }
            Self::Unsupervised { signal: None, .. } => {
                write!(f, "{word}  its supervisor was stopped")
            }
            Self::Unsupervised { signal: Some(signal), .. } => {
                write!(f, "{word}  its supervisor was killed by {}", signal_name(*signal))
            }
            Self::LeftBehind(_) => write!(f, "{word}  when the scene ended:"),
            Self::ExitStatus { found, expected } => {
                let panicked = if *found == PANICKED { ", a panic" } else { "" };
                write!(f, "{word}  {found}{panicked}; expected {expected}")
            }
            Self::NotText { line, byte } => {
                write!(
                    f,
                    "{word}  output line {line} holds the byte 0x{byte:02x}, which is not UTF-8"
                )
            }
            Self::Rejected => f.write_str(word),
            Self::Undecided(why) => write!(f, "{word}  {why}"),
        }?;
        self.left().iter().try_for_each(|left| write!(f, "\n    {left}"))
    }
}
