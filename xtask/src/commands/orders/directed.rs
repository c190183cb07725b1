//! The orders of a scene's processes and threads, as a director runs them.

use std::collections::BTreeMap;
use std::time::Duration;

use course::{Chapter, Course, Scene};
use orders::{All, Choices, Output};
use runner::Direction;

use super::found::{self, Found, OF_SCHEDULES, Outcome};
use super::legal::Legal;
use crate::cli;
use crate::directed::{self, Direct};
use crate::exit::{Error, Result};
use crate::player::{Play, Player};
use crate::search::{Bounds, OUTPUTS, Reached, Search, cut_off};
use crate::steps;
use crate::terminal::{GOOD, NOTE, counted_many, grouped, paint, progress};
use crate::unshown::unshown;

/// If the runs end before all orders are known: how many legal outputs are tried, and in how many runs each.
const STEERED: usize = 30;
const TRIES: usize = 5;
/// What is said about a process with several threads.
const THREADS: &str = "These are the orders that a director can force. Between two system calls, threads also race on \
                       memory, so more may be possible.";

/// Why there are fewer runs than schedules.
const MERGED: &str = "schedules that come to the same state go on in the same ways";
/// What is said about the numbers in the lines.
const NUMBERS: &str = "#1, #2 are values that differ from run to run, such as pids.";
/// What a percentage means where not all schedules are known.
const OF_RUNS: &str = "The percentages count these runs. They do not say how likely an outcome is.";

pub(super) fn orders(
    arguments: &cli::Orders,
    player: &Player,
    course: &Course,
    (chapter, scene): (&Chapter, &Scene),
) -> Result<Found> {
    let name = arguments.scene.join("/");
    let transcript = course.transcript(scene.first_transcript()?)?;
    let artifacts = player.build(course, &[chapter])?;
    let play = Play::of(&transcript, artifacts.binary(chapter)?, chapter.deadline);
    let time = Duration::from_secs(arguments.seconds.into());
    let bounds = Bounds { runs: arguments.runs as usize, time };
    let mut search = Search::new(&transcript, directed::scene(player, &play), bounds);
    let mut all = All::default();
    let bar = progress(bounds.runs).with_message("runs: which order is next?");
    let outputs = search.every_order(&mut all, |search| {
        bar.set_position(search.runs() as u64);
        false
    })?;
    let is_all = outputs.is_some();
    let mut notes = Vec::new();
    if !is_all {
        notes.extend(why_not_all(&search, &all, arguments));
        // There is some time for this even if all runs were used up.
        search.extend(Bounds { runs: STEERED * TRIES, time: time / 3 });
        let (before, shapes) = (search.runs(), search.shapes());
        for (_, shape) in unshown(&transcript, &shapes).take(STEERED) {
            search.steer(&shape, TRIES)?;
            bar.set_position(search.runs() as u64);
        }
        notes.extend(steered(&search, before));
    }
    bar.finish_and_clear();
    // An illegal run that came first is shown all the same.
    if let Some(reason) = search.skipped()
        && search.first_fault().is_none()
    {
        return Err(Error::Question(format!("this machine cannot play it: {reason}")));
    }
    let outputs = outputs.unwrap_or_else(|| search.outputs());
    let outcomes = outcomes(&search, &name, outputs);
    let different = counted_many(outcomes.len() as u128, "outcome");
    let runs = search.runs() as u128;
    let sum = match found::sum(&outcomes) {
        Some(1) if is_all => "the only schedule".to_owned(),
        sum if is_all => {
            if sum.is_none_or(|sum| sum > runs) {
                notes.push(format!("{} enough: {MERGED}.", were(runs)));
            }
            let orders = sum.map_or("schedules".to_owned(), |sum| counted_many(sum, "schedule"));
            format!("{}: {different}", paint(GOOD, format_args!("all {orders}")))
        }
        _ => {
            let what = if is_too_long(&all) { "outcomes" } else { "schedules" };
            format!("{}: {different} so far", paint(NOTE, format_args!("not all {what}")))
        }
    };
    let has_threads = search.has_threads();
    let legal = Some(Legal::new(&transcript, &search.shapes(), is_all && !has_threads));
    notes.extend(search.skipped().map(|reason| format!("The runs ended early: {reason}.")));
    notes.extend(cut_off(search.cut_off(), search.runs()));
    notes.extend(has_threads.then(|| THREADS.to_owned()));
    if outcomes.iter().flat_map(|outcome| &outcome.lines).any(|line| line.contains("#1")) {
        notes.push(NUMBERS.to_owned());
    }
    let (unit, share) = if is_all { ("schedule", OF_SCHEDULES) } else { ("run", OF_RUNS) };
    Ok(Found { name, sum, notes, outcomes, unit, share, legal })
}

/// `1 run was`, `4 runs were`.
fn were(runs: u128) -> String {
    let were = if runs == 1 { "was" } else { "were" };
    format!("{} {were}", counted_many(runs, "run"))
}

/// Why the runs so far have not listed every order, and what would show more. None if the report says so anyway.
fn why_not_all<D: Direct>(
    search: &Search<'_, D>,
    all: &All,
    arguments: &cli::Orders,
) -> Option<String> {
    let runs = counted_many(search.runs() as u128, "run");
    let why = match search.reached() {
        _ if search.skipped().is_some() => return None,
        _ if all.surprises() > 0 => "in which the same choices led to different states".to_owned(),
        Some(Reached::Time) => {
            format!("until {} s had passed: `--seconds` allows more", arguments.seconds)
        }
        Some(Reached::Runs) => "as many as allowed: `--runs` allows more".to_owned(),
        None if is_too_long(all) => {
            let most = grouped(OUTPUTS as u128);
            format!(
                "in which every state has come. More than {most} outputs are too many for a list"
            )
        }
        None if all.is_complete() => "in which one output did not come a second time".to_owned(),
        None => return None,
    };
    Some(format!("{runs}, {why}."))
}

/// Whether every schedule is known, but the list of what they print is too long.
fn is_too_long(all: &All) -> bool {
    all.is_complete() && all.outputs(OUTPUTS + 1).len() > OUTPUTS
}

/// What was done after the first runs, `before` in number.
fn steered<D: Direct>(search: &Search<'_, D>, before: usize) -> Option<String> {
    let runs = search.runs() - before;
    let early = "ended early, when that output could not come any more;";
    let given_up = match (search.given_up(), runs) {
        (0, _) => String::new(),
        (1, 1) => format!(" It was {early} it is not counted below."),
        (1, _) => format!(" 1 of them was {early} it is not counted below."),
        (some, _) => format!(" {some} of them were {early} they are not counted below."),
    };
    let runs = match runs {
        0 => return None,
        1 => "1 more run,".to_owned(),
        runs => format!("{runs} more runs, each"),
    };
    Some(format!("{runs} steered towards a legal output that had not come yet.{given_up}"))
}

/// The outcomes: legal outputs of the same shape are one.
fn outcomes<D: Direct>(search: &Search<'_, D>, scene: &str, outputs: Vec<Output>) -> Vec<Outcome> {
    let mut outcomes: BTreeMap<_, (Option<u128>, Choices)> = BTreeMap::new();
    for Output { lines, end, count, replay } in outputs {
        let key = (lines, end);
        let replay = search.fault(&key).cloned().unwrap_or(replay);
        let row = match search.judged(&key) {
            Some(Ok(shape)) => (shape.clone(), None),
            Some(Err(fault)) => (key.0, Some(fault.clone())),
            None => continue,
        };
        let (sum, _) = outcomes.entry(row).or_insert((Some(0), replay));
        *sum = sum.zip(count).map(|(sum, count)| sum.saturating_add(count));
    }
    let outcome = |((lines, fault), (count, replay))| Outcome {
        count,
        lines,
        notes: Vec::new(),
        fault,
        replay: steps::command((scene, false), &Direction::default(), &replay),
    };
    outcomes.into_iter().map(outcome).collect()
}
