//! What a schedule of an explored program comes to: in words, and by the scene's transcript.

use std::fmt::Write;

use explorer::{Blocked, Ending, STEPS, Schedule};
use transcript::{Timing, Transcript, Verdict};

use super::numbers;
use crate::judgement::PANICKED;
use crate::terminal::{BAD, NOTE, paint};

/// The exit code of a program whose main function returns an error.
const FAILED: i32 = 1;

/// The outcome of these choices, which have led to the end of the schedule.
pub(crate) fn of(schedule: &Schedule, ending: &Ending, choices: &[usize]) -> explorer::Outcome {
    explorer::Outcome {
        output: schedule.output.clone(),
        ending: ending.clone(),
        panics: schedule.panics.clone(),
        count: 1,
        replay: numbers(choices),
    }
}

/// What happened apart from what was printed.
pub(crate) fn notes(outcome: &explorer::Outcome) -> Vec<String> {
    let panicked = outcome.panics.iter().map(|panic| {
        format!(
            "{} {} in line {}: {}",
            panic.thread,
            paint(NOTE, "panicked"),
            panic.line,
            panic.message
        )
    });
    let mut lines: Vec<String> = panicked.collect();
    match &outcome.ending {
        Ending::Returned => {}
        Ending::Failed(error) => lines.push(format!("{}: {error}", paint(NOTE, "failed"))),
        Ending::Panicked(panic) => {
            let (what, line) = (paint(BAD, "panicked"), panic.line);
            lines.push(format!("main {what} in line {line}: {}", panic.message));
        }
        Ending::Endless => {
            lines.push(format!("{} after {STEPS} steps", paint(BAD, "cut off")));
        }
        Ending::Deadlock(blocked) => {
            lines.push(paint(BAD, "deadlock"));
            lines.extend(blocked.iter().map(stuck));
        }
    }
    lines
}

/// `left holds lock a (line 20), and waits in line 24 for lock b, which right holds`.
fn stuck(blocked: &Blocked) -> String {
    let Blocked { thread, line, wants, waits_for, holds } = blocked;
    let held: Vec<String> =
        holds.iter().map(|held| format!("{} (line {})", held.lock, held.line)).collect();
    let held =
        if held.is_empty() { String::new() } else { format!(" holds {}, and", held.join(", ")) };
    let has = if wants.starts_with("the end of") || waits_for.is_empty() {
        String::new()
    } else {
        format!(", which {} holds", waits_for.join(", "))
    };
    format!("{thread}{held} waits in line {line} for {wants}{has}")
}

/// The shape of a legal outcome, or what is wrong with it.
pub(crate) fn judge(
    transcript: &Transcript,
    outcome: &explorer::Outcome,
) -> std::result::Result<Vec<String>, String> {
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
fn played(transcript: &Transcript, outcome: &explorer::Outcome) -> String {
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
