//! Whole explorations of small programs, whose outcomes are known.

mod counts;
mod deadlocks;
mod litmus;
mod panics;
mod waiting;

use explorer::{Ending, Limits, Memory, Outcome, Report, Returned, explore};

/// An hour for each exploration: a busy machine may need minutes.
pub(crate) fn patient() -> Limits {
    Limits { milliseconds: 3_600_000, ..Limits::default() }
}

/// Every schedule, with states merged. The same exploration without merging must find the same outcomes.
#[track_caller]
fn all<R: Returned>(program: impl Fn() -> R + Clone + 'static) -> Report {
    let merged = explore(program.clone(), Memory::Sequential, patient()).unwrap();
    let plain = plain(program);
    assert_eq!(merged.incomplete, None);
    assert_eq!(tally(&merged), tally(&plain));
    assert!(merged.played <= plain.played);
    merged
}

/// Every schedule, each played to its end.
#[track_caller]
fn plain<R: Returned>(program: impl Fn() -> R + 'static) -> Report {
    let limits = Limits { merged: false, ..patient() };
    let report = explore(program, Memory::Sequential, limits).unwrap();
    assert_eq!(report.incomplete, None);
    assert_eq!(u128::from(report.played), report.schedules);
    report
}

/// The outcomes with their numbers of schedules, sorted.
fn tally(report: &Report) -> Vec<(String, u128)> {
    let mut tally: Vec<_> = report.outcomes.iter().map(|o| (in_one_line(o), o.count)).collect();
    tally.sort();
    tally
}

/// An outcome in one line.
fn in_one_line(outcome: &Outcome) -> String {
    let lines: Vec<&str> = outcome.output.lines().collect();
    let mut line = lines.join(" / ");
    match &outcome.ending {
        Ending::Returned => {}
        Ending::Failed(error) => line += &format!(" failed: {error}"),
        Ending::Panicked(panic) => line += &format!(" panicked: {}", panic.message),
        Ending::Deadlock(blocked) => {
            let blocked: Vec<_> =
                blocked.iter().map(|b| format!("{} wants {}", b.thread, b.wants)).collect();
            line += &format!(" deadlock: {}", blocked.join(", "));
        }
        Ending::Endless => line += " endless",
    }
    for panic in &outcome.panics {
        line += &format!(" ({} panicked: {})", panic.thread, panic.message);
    }
    line.trim().to_owned()
}

/// The outcomes alone, sorted.
fn outcomes(report: &Report) -> Vec<String> {
    tally(report).into_iter().map(|(outcome, _)| outcome).collect()
}
