//! Every schedule of an explored program.

use std::collections::BTreeSet;

use course::{Chapter, Course};
use explorer::{FRUITLESS, Incomplete, Limits, Report};

use super::found::{Found, OF_SCHEDULES, Outcome};
use super::legal::Legal;
use crate::cli;
use crate::exit::Result;
use crate::player::Player;
use crate::schedules::outcome::{judge, notes};
use crate::schedules::{Explorer, Program, command};
use crate::terminal::{GOOD, NOTE, counted, counted_many, paint};

pub(super) fn orders(
    arguments: &cli::Orders,
    player: &Player,
    course: &Course,
    (chapter, program): (&Chapter, &Program),
) -> Result<Found> {
    let explorer = Explorer::new(player, course, chapter, program, arguments.memory)?;
    let report = explorer.explore(Limits::default())?;
    let transcript = program.transcript.as_ref();
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
        replay: command(
            &arguments.scene.join("/"),
            arguments.memory,
            outcome.replay.iter().map(|choice| *choice as usize),
            &arguments.options,
        ),
    };
    let outcomes = report.outcomes.iter().map(outcome).collect();
    let is_all = report.incomplete.is_none();
    Ok(Found {
        sum: sum(&report),
        notes: report.held_back.then(held_back).into_iter().collect(),
        outcomes,
        unit: "schedule",
        share: OF_SCHEDULES,
        legal: transcript.map(|transcript| Legal::new(transcript, &shapes, is_all)),
        name: program.name(arguments.memory),
    })
}

fn held_back() -> String {
    format!(
        "A thread that waits in a loop looks at most {FRUITLESS} times in a row before another one acts."
    )
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
                Incomplete::Schedules => "stopped after the most schedules that are played:",
                Incomplete::Time => "stopped when the time was over:",
                Incomplete::Steps => "not all, because some were cut off:",
            };
            format!("{} {schedules}, {outcomes} so far", paint(NOTE, why))
        }
    }
}

#[cfg(test)]
mod tests {
    use anstream::adapter::strip_str;

    use super::*;

    #[test]
    fn the_sum_says_what_has_ended_it() {
        let sum_of = |schedules, incomplete| {
            let (outcomes, played, states) = (Vec::new(), 1, None);
            let report =
                Report { outcomes, schedules, played, states, incomplete, held_back: false };
            strip_str(&sum(&report)).to_string()
        };
        for (incomplete, words) in [
            (None, "all 9 schedules: 0 outcomes"),
            (
                Some(Incomplete::Schedules),
                "stopped after the most schedules that are played: 9 schedules, 0 outcomes so far",
            ),
            (
                Some(Incomplete::Time),
                "stopped when the time was over: 9 schedules, 0 outcomes so far",
            ),
            (
                Some(Incomplete::Steps),
                "not all, because some were cut off: 9 schedules, 0 outcomes so far",
            ),
        ] {
            assert_eq!(sum_of(9, incomplete), words);
        }
        assert_eq!(sum_of(1, None), "the only schedule");
    }
}
