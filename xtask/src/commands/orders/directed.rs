//! The orders of a scene's processes and threads, as a director runs them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use course::{Chapter, Course, Scene};
use orders::{All, Choices, End, Output, Policy, Printed, Replay, Shown, Steer, TaskName, Wanted};
use runner::{Choice, Step, View};
use transcript::{Timing, Transcript, Verdict};

use super::found::{self, Found, Outcome};
use super::legal::{self, Legal};
use crate::cli;
use crate::directed::DirectedScene;
use crate::drawing::width;
use crate::exit::{Error, Result};
use crate::judgement::Judgement;
use crate::player::{Play, Played, Player};
use crate::terminal::{GOOD, NOTE, counted_many, paint};

/// How long all runs may take, and the most outputs that are listed.
const TIME: Duration = Duration::from_secs(20);
const OUTPUTS: usize = 5_000;
/// If the runs end before all orders are known: how many legal outputs are tried, each in so many runs.
const STEERED: usize = 30;
const TRIES: usize = 5;

pub(super) fn orders(
    arguments: &cli::Orders,
    player: &Player,
    course: &Course,
    (chapter, scene): (&Chapter, &Scene),
) -> Result<Found> {
    let name = arguments.scene.join("/");
    // The scene's own transcript comes first, before those of its variants.
    let transcript = course.transcript(&scene.proven()?[0])?;
    let artifacts = player.build(course, &[chapter])?;
    let play = Play::new(transcript.command(), artifacts.binary(chapter)?, chapter.deadline);
    let direct = |choose: &mut dyn FnMut(&View<'_>) -> Choice| player.direct(&play, choose);
    let mut search = Search {
        scene: DirectedScene::new(&transcript, direct),
        transcript: &transcript,
        left: arguments.runs as usize,
        end: Instant::now() + TIME,
        runs: 0,
        judged: BTreeMap::new(),
        faults: BTreeMap::new(),
        shown: Shown::default(),
        known: Vec::new(),
    };
    let mut all = All::default();
    while search.run(&mut all)?.is_some() {}
    let outputs = if all.is_complete() { all.outputs(OUTPUTS + 1) } else { Vec::new() };
    let mut is_all = !outputs.is_empty() && outputs.len() <= OUTPUTS;
    if is_all {
        for output in &outputs {
            is_all &= search.confirm(output)?;
        }
    }
    if !is_all {
        search.steer()?;
    }
    let outputs = if is_all { outputs } else { search.shown.outputs().collect() };
    let unit = if is_all { "schedule" } else { "run" };
    let (outcomes, shapes) = search.outcomes(&name, outputs);
    let runs = counted_many(search.runs as u128, "run");
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
    let legal = Some(Legal::new(&transcript, &shapes, is_all));
    Ok(Found { name, sum, note: None, outcomes, unit, legal })
}

/// An output, and how the run ended that printed it.
type Key = (Vec<String>, End);

/// What a transcript says about an output: its shape, or a fault.
type Judged = std::result::Result<Vec<String>, String>;

/// Runs of a scene, as long as there is time for more.
struct Search<'t, D> {
    scene: DirectedScene<'t, D>,
    transcript: &'t Transcript,
    left: usize,
    end: Instant,
    runs: usize,
    judged: BTreeMap<Key, Judged>,
    /// The choices of the first run that was not legal, for each output that has one.
    faults: BTreeMap<Key, Choices>,
    shown: Shown,
    known: Vec<Printed>,
}

impl<D> Search<'_, D>
where
    D: FnMut(&mut dyn FnMut(&View<'_>) -> Choice) -> Result<(Played, Vec<Step>)>,
{
    /// The policy's next run, and what it printed if it came to an end. None if nothing is left to try, or no time.
    fn run(&mut self, policy: &mut impl Policy) -> Result<Option<Option<Key>>> {
        if self.left == 0 || Instant::now() >= self.end {
            return Ok(None);
        }
        let Some((trace, directed)) = self.scene.next_run(policy)? else { return Ok(None) };
        self.left -= 1;
        self.runs += 1;
        for printed in &trace.printed {
            if !self.known.contains(printed) {
                self.known.push(printed.clone());
            }
        }
        self.shown.add(&trace);
        let Some(directed) = directed else { return Ok(Some(None)) };
        let judged = match directed.judgement {
            Judgement::Passed(accepted) => Ok(accepted.shape),
            Judgement::Failed(failure) => Err(failure.neutral().report(width())),
            Judgement::Skipped(reason) => {
                return Err(Error::Question(format!("this machine cannot play it: {reason}")));
            }
        };
        let key = (trace.lines(), trace.conclusion.end);
        // The same lines may be legal in one order only: the exit status belongs to the output, too.
        if judged.is_err() {
            self.faults.entry(key.clone()).or_insert(trace.choices);
            self.judged.insert(key.clone(), judged);
        } else {
            self.judged.entry(key.clone()).or_insert(judged);
        }
        Ok(Some(Some(key)))
    }

    /// Judges an output that follows from other runs, by one more run if the output alone does not show that it is
    /// legal. False if that is impossible.
    fn confirm(&mut self, output: &Output) -> Result<bool> {
        let key = (output.lines.clone(), output.end);
        if self.judged.contains_key(&key) {
            return Ok(true);
        }
        if output.end == End::Finished
            && let Verdict::Accepted(accepted) =
                self.transcript.judge(&with_pids(&output.lines), Timing::Waived)
        {
            self.judged.insert(key, Ok(accepted.shape));
            return Ok(true);
        }
        let shown = self.run(&mut Replay::new(output.replay.clone()))?;
        Ok(shown.flatten().is_some_and(|shown| shown == key))
    }

    /// Tries to show legal outputs that were not shown.
    fn steer(&mut self) -> Result<()> {
        // There is some time for this even if all runs were used up.
        self.left = STEERED * TRIES;
        self.end = Instant::now() + TIME / 3;
        let shapes: BTreeSet<_> = self.judged.values().flatten().cloned().collect();
        for (_, shape) in legal::missing(self.transcript, &shapes).take(STEERED) {
            let mut steer = Steer::new(Wanted::new(&shape), &self.known);
            for _ in 0..TRIES {
                if self.run(&mut steer)?.is_none() {
                    break;
                }
            }
        }
        Ok(())
    }

    /// The outcomes: legal outputs of the same shape are one. Also the shapes of those that are legal.
    fn outcomes(&self, scene: &str, outputs: Vec<Output>) -> (Vec<Outcome>, BTreeSet<Vec<String>>) {
        let mut shapes = BTreeSet::new();
        let mut outcomes: BTreeMap<_, (Option<u128>, Choices)> = BTreeMap::new();
        for Output { lines, end, count, replay } in outputs {
            let key = (lines, end);
            let replay = self.faults.get(&key).cloned().unwrap_or(replay);
            let row = match self.judged.get(&key) {
                Some(Ok(shape)) => {
                    shapes.insert(shape.clone());
                    (shape.clone(), None)
                }
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
            replay: format!("cargo xtask replay {scene} {replay}"),
        };
        (outcomes.into_iter().map(outcome).collect(), shapes)
    }
}

/// The lines of an output, with a number in place of each name of a process.
fn with_pids(lines: &[String]) -> String {
    const FIRST: usize = 100;
    let mut names: Vec<TaskName> = Vec::new();
    let mut text = String::new();
    for line in lines {
        let mut rest = line.as_str();
        while let Some((before, after)) = rest.split_once('<') {
            text.push_str(before);
            let name = after
                .split_once('>')
                .and_then(|(name, rest)| Some((name.parse::<TaskName>().ok()?, rest)));
            if let Some((name, behind)) = name {
                let place = names.iter().position(|other| *other == name).unwrap_or(names.len());
                if place == names.len() {
                    names.push(name);
                }
                text.push_str(&(FIRST + place).to_string());
                rest = behind;
            } else {
                text.push('<');
                rest = after;
            }
        }
        text.push_str(rest);
        text.push('\n');
    }
    text
}
