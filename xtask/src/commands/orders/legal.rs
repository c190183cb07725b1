//! Compares the outcomes of all schedules with the transcript: is each one legal, and is each legal output found?

use std::collections::BTreeSet;
use std::fmt::Write;

use explorer::{Ending, Outcome, Report};
use transcript::{Count, Timing, Transcript, Verdict};

/// How many random legal outputs are looked at, to find one that no schedule prints.
const SAMPLES: u64 = 2_000;
/// The exit status of a program that returns an error, and of one whose main thread panics.
const FAILED: i32 = 1;
const PANICKED: i32 = 101;

/// What a transcript says about the outcomes.
pub(super) struct Legal {
    /// The transcript's name.
    pub(super) name: String,
    /// How many legal outputs there are, and how many of them the outcomes show.
    pub(super) count: Count,
    pub(super) found: usize,
    /// Why an outcome is illegal, by its position in the report.
    pub(super) faults: Vec<(usize, String)>,
    /// A legal output that is no outcome.
    pub(super) never: Option<Vec<String>>,
}

impl Legal {
    pub(super) fn of(transcript: &Transcript, report: &Report) -> Self {
        let mut shapes = BTreeSet::new();
        let mut faults = Vec::new();
        for (index, outcome) in report.outcomes.iter().enumerate() {
            match judge(transcript, outcome) {
                Ok(shape) => _ = shapes.insert(shape),
                Err(fault) => faults.push((index, fault)),
            }
        }
        let count = transcript.count();
        let found = shapes.len();
        let is_all = matches!(count, Count::Exactly(count) if count == found as u128);
        let mut samples = (0..SAMPLES).filter_map(|seed| transcript.sample(seed));
        let never = if is_all || report.incomplete.is_some() {
            None
        } else {
            samples.find(|lines| {
                let output: String = lines.iter().map(|line| format!("{line}\n")).collect();
                match transcript.judge(&output, Timing::Waived) {
                    Verdict::Accepted(accepted) => !shapes.contains(&accepted.shape),
                    _ => false,
                }
            })
        };
        Self { name: transcript.name().to_owned(), count, found, faults, never }
    }

    /// How many outcomes are illegal.
    pub(super) fn failures(&self) -> usize {
        self.faults.len()
    }
}

/// The shape of a legal outcome, or what is wrong with it.
fn judge(transcript: &Transcript, outcome: &Outcome) -> Result<Vec<String>, String> {
    let exits = match &outcome.ending {
        Ending::Returned => 0,
        Ending::Failed(_) => FAILED,
        Ending::Panicked(_) => PANICKED,
        Ending::Deadlock(_) if is_watched(transcript) => 0,
        Ending::Deadlock(_) | Ending::Endless => return Err("it never ends".to_owned()),
    };
    if exits != transcript.exits() {
        let expected = transcript.exits();
        return Err(format!("it ends with the exit status {exits}, and not with {expected}"));
    }
    match transcript.judge(&played(transcript, outcome), Timing::Waived) {
        Verdict::Accepted(accepted) => Ok(accepted.shape),
        Verdict::Rejected(rejected) => Err(rejected.to_string()),
        Verdict::Undecided(why) => Err(why.to_string()),
    }
}

/// Whether a watchdog ends the scene when its threads are deadlocked.
fn is_watched(transcript: &Transcript) -> bool {
    transcript.lanes().iter().any(|lane| lane == "watchdog")
}

/// What the scene prints: after a deadlock its watchdog names the threads, sorted by name. Main is the one that works
/// for the watchdog.
fn played(transcript: &Transcript, outcome: &Outcome) -> String {
    let mut output = outcome.output.clone();
    if let Ending::Deadlock(blocked) = &outcome.ending
        && is_watched(transcript)
    {
        let name =
            |thread: &str| if thread == "main" { "work".to_owned() } else { thread.to_owned() };
        let mut names: Vec<String> = blocked.iter().map(|blocked| name(&blocked.thread)).collect();
        names.sort();
        output += "watchdog: no thread can go on\n";
        for name in names {
            _ = writeln!(output, "watchdog: {name} waits for a futex");
        }
    }
    output
}
