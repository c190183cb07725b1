//! The orders of a scene's processes and threads, as a director runs them.

use std::collections::BTreeMap;
use std::time::Duration;

use course::{Chapter, Course, Scene};
use orders::{All, Choices, Output};
use runner::Direction;

use super::found::{self, Found, Outcome};
use super::legal::Legal;
use crate::cli;
use crate::directed::{self, Direct};
use crate::exit::{Error, Result};
use crate::player::{Play, Player};
use crate::search::{Bounds, Search, cut_off};
use crate::steps;
use crate::terminal::{GOOD, NOTE, counted_many, paint};
use crate::unshown::unshown;

/// How long all runs may take.
const TIME: Duration = Duration::from_secs(20);
/// If the runs end before all orders are known: how many legal outputs are tried, and in how many runs each.
const STEERED: usize = 30;
const TRIES: usize = 5;
/// What is said about a process with several threads.
const THREADS: &str = "These are the orders that a director can force. Between two system calls, threads also race on \
                       memory, so more may be possible.";

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
    let bounds = Bounds { runs: arguments.runs as usize, time: TIME };
    let mut search = Search::new(&transcript, directed::scene(player, &play), bounds);
    let mut all = All::default();
    let outputs = search.every_order(&mut all, |_| false)?;
    let is_all = outputs.is_some();
    if !is_all {
        // There is some time for this even if all runs were used up.
        search.extend(Bounds { runs: STEERED * TRIES, time: TIME / 3 });
        let shapes = search.shapes();
        for (_, shape) in unshown(&transcript, &shapes).take(STEERED) {
            search.steer(&shape, TRIES)?;
        }
    }
    // An illegal run that came first is shown all the same.
    if let Some(reason) = search.skipped()
        && search.first_fault().is_none()
    {
        return Err(Error::Question(format!("this machine cannot play it: {reason}")));
    }
    let outputs = outputs.unwrap_or_else(|| search.outputs());
    let unit = if is_all { "schedule" } else { "run" };
    let outcomes = outcomes(&search, &name, outputs);
    let runs = counted_many(search.runs() as u128, "run");
    let different = counted_many(outcomes.len() as u128, "outcome");
    let sum = match found::sum(&outcomes) {
        Some(1) if is_all => "the only schedule".to_owned(),
        sum if is_all => {
            let orders = sum.map_or("schedules".to_owned(), |sum| counted_many(sum, "schedule"));
            format!("{}: {different}, in {runs}", paint(GOOD, format_args!("all {orders}")))
        }
        _ if all.surprises() > 0 => {
            let why = "not all, because the same choices led to different states:";
            format!("{} {runs}: {different} so far", paint(NOTE, why))
        }
        _ => format!("{} {runs}: {different} so far", paint(NOTE, "stopped after")),
    };
    let has_threads = search.has_threads();
    let legal = Some(Legal::new(&transcript, &search.shapes(), is_all && !has_threads));
    let ended = search.skipped().map(|reason| format!("The runs ended early: {reason}."));
    let notes = cut_off(search.cut_off(), search.runs()).into_iter().chain(ended);
    let notes = notes.chain(has_threads.then(|| THREADS.to_owned())).collect();
    Ok(Found { name, sum, notes, outcomes, unit, legal })
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
