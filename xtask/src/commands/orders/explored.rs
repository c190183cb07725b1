//! Every schedule of an explored program.

use std::collections::BTreeSet;
use std::fmt::Write;

use course::{Chapter, Course};
use explorer::{Blocked, Ending, FRUITLESS, Incomplete, Limits, Report, STEPS};
use orders::Choices;

use super::found::{Found, Outcome};
use super::legal::Legal;
use crate::cli;
use crate::exit::Result;
use crate::player::Player;
use crate::schedules::{Explorer, Subject, judge};
use crate::terminal::{BAD, GOOD, NOTE, counted, counted_many, paint};

pub(super) fn orders(
    arguments: &cli::Orders,
    player: &Player,
    course: &Course,
    (chapter, subject): (&Chapter, &Subject),
) -> Result<Found> {
    let explorer = Explorer::new(player, course, chapter, subject, arguments.memory)?;
    let report = explorer.explore(Limits::default())?;
    let transcript = subject.transcript.as_ref();
    let mut shapes = BTreeSet::new();
    let mut fault = |outcome: &explorer::Outcome| match judge(transcript?, outcome) {
        Ok(shape) => {
            shapes.insert(shape);
            None
        }
        Err(fault) => Some(fault),
    };
    let outcome = |outcome: &explorer::Outcome| Outcome {
        count: Some(outcome.count),
        lines: outcome.output.lines().map(str::to_owned).collect(),
        notes: notes(outcome),
        fault: fault(outcome),
        replay: replay(arguments, &outcome.replay),
    };
    let outcomes = report.outcomes.iter().map(outcome).collect();
    let is_all = report.incomplete.is_none();
    Ok(Found {
        sum: sum(&report),
        note: report.held_back.then(|| {
            format!(
                "A thread that waits in a loop looks at most {FRUITLESS} times in a row before another one acts."
            )
        }),
        outcomes,
        unit: "schedule",
        legal: transcript.map(|transcript| Legal::new(transcript, &shapes, is_all)),
        name: subject.name(arguments.memory),
    })
}

/// The command that shows one schedule.
fn replay(arguments: &cli::Orders, choices: &[u32]) -> String {
    let mut command = format!("cargo xtask replay {} --explored", arguments.scene.join("/"));
    if arguments.memory == cli::Memory::Weak {
        command += " --memory weak";
    }
    let choices: Choices = choices.iter().map(|choice| *choice as usize).collect();
    _ = write!(command, " {choices}");
    if !arguments.options.is_empty() {
        _ = write!(command, " -- {}", arguments.options.join(" "));
    }
    command
}

/// How many schedules there are, and whether these are all.
fn sum(report: &Report) -> String {
    let outcomes = counted(report.outcomes.len(), "outcome");
    let schedules = counted_many(report.schedules, "schedule");
    match report.incomplete {
        None if report.schedules == 1 => "the only schedule".to_owned(),
        None => format!("{}: {outcomes}", paint(GOOD, format_args!("all {schedules}"))),
        Some(why) => {
            let why = match why {
                Incomplete::Schedules | Incomplete::Time => "stopped after",
                Incomplete::Steps => "not all, because some were cut off:",
            };
            format!("{} {schedules}: {outcomes} so far", paint(NOTE, why))
        }
    }
}

/// What happened apart from what was printed.
fn notes(outcome: &explorer::Outcome) -> Vec<String> {
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
