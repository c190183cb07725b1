//! Directed runs of one scene, one after the other, and what they have shown so far.
//!
//! The caller brings the policies: [`Search::run`] plays the next run of any of them and judges it. Two questions
//! have their answers here: what the scene prints in every order, and whether it can print a certain legal output.

mod pids;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use orders::{All, Choices, End, Output, Policy, Printed, Replay, Shown, Steer, Steered, Wanted};
use runner::{Ending, Step};
use transcript::{Timing, Transcript, Verdict};

use self::pids::with_pids;

use crate::directed::{Direct, Directed, DirectedScene, STEPS};
use crate::drawing::width;
use crate::exit::Result;
use crate::judgement::Judgement;
use crate::terminal::{counted, grouped};

/// The most outputs that a list of every order has.
pub(crate) const OUTPUTS: usize = 5_000;

/// How much may be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub(crate) runs: usize,
    /// In real time.
    pub(crate) time: Duration,
}

/// Which of the bounds has ended the runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reached {
    Runs,
    Time,
}

/// An output, and how the run ended that printed it.
pub(crate) type Key = (Vec<String>, End);

/// What a transcript says about an output: its shape, or a fault.
pub(crate) type Judged = std::result::Result<Vec<String>, String>;

/// What came of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ran {
    /// It came to its end, and printed this.
    Ended(Key),
    /// The policy has ended it, or it had too many moves.
    Stopped,
}

/// The first run that was not legal.
pub(crate) struct FirstFault {
    /// Its number, from 1.
    pub(crate) run: usize,
    pub(crate) choices: Choices,
    pub(crate) directed: Directed,
}

/// Runs of a scene, as long as the bounds allow more.
pub(crate) struct Search<'t, D> {
    scene: DirectedScene<'t, D>,
    transcript: &'t Transcript,
    left: usize,
    end: Instant,
    /// How many runs are made even if the time is over.
    least: usize,
    runs: usize,
    cut_off: usize,
    given_up: usize,
    judged: BTreeMap<Key, Judged>,
    /// The shapes of the legal outputs, without those that are legal only because times are not judged.
    shapes: BTreeSet<Vec<String>>,
    /// The choices of the first run that was not legal, for each output that has one.
    faults: BTreeMap<Key, Choices>,
    first_fault: Option<FirstFault>,
    shown: Shown,
    known: Vec<Printed>,
    /// Whether some process had several threads.
    has_threads: bool,
    /// Why this machine cannot play the scene, or not fast enough.
    skipped: Option<String>,
}

impl<'t, D: Direct> Search<'t, D> {
    pub(crate) fn new(transcript: &'t Transcript, direct: D, bounds: Bounds) -> Self {
        Self {
            scene: DirectedScene::new(transcript, direct),
            transcript,
            left: bounds.runs,
            end: Instant::now() + bounds.time,
            least: 0,
            runs: 0,
            cut_off: 0,
            given_up: 0,
            judged: BTreeMap::new(),
            shapes: BTreeSet::new(),
            faults: BTreeMap::new(),
            first_fault: None,
            shown: Shown::default(),
            known: Vec::new(),
            has_threads: false,
            skipped: None,
        }
    }

    /// The same, but at least this many runs are made, however long they take.
    pub(crate) fn at_least(self, least: usize) -> Self {
        Self { least, ..self }
    }

    /// Allows as much again, from now on.
    pub(crate) fn extend(&mut self, bounds: Bounds) {
        self.left = bounds.runs;
        self.end = Instant::now() + bounds.time;
    }

    /// Whether there is no further run: the bounds are reached, or this machine cannot play the scene.
    pub(crate) fn is_over(&self) -> bool {
        self.reached().is_some() || self.skipped.is_some()
    }

    /// The bound that allows no further run, if one does.
    pub(crate) fn reached(&self) -> Option<Reached> {
        let is_late = self.runs >= self.least && Instant::now() >= self.end;
        match self.left {
            0 => Some(Reached::Runs),
            _ => is_late.then_some(Reached::Time),
        }
    }

    /// The policy's next run. None if it has nothing left to try, if the bounds are reached, or if this machine cannot
    /// play the scene.
    pub(crate) fn run(&mut self, policy: &mut impl Policy) -> Result<Option<Ran>> {
        if self.is_over() {
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
        let Some(directed) = directed else {
            let is_cut_off = trace.steps == STEPS;
            self.cut_off += usize::from(is_cut_off);
            self.given_up += usize::from(!is_cut_off);
            return Ok(Some(Ran::Stopped));
        };
        self.has_threads |= has_threads(&directed.steps);
        // The same lines may be legal in one run only: the exit status belongs to the output, too.
        let key = (trace.lines(), trace.conclusion.end);
        match &directed.judgement {
            Judgement::Passed(accepted) => {
                let output = directed.played.recording.stdout();
                self.keep_shape(&accepted.shape, &String::from_utf8_lossy(&output));
                self.judged.entry(key.clone()).or_insert_with(|| Ok(accepted.shape.clone()));
            }
            Judgement::Failed(_) if directed.played.recording.ending == Ending::Deadline => {
                // Perhaps the director was too slow: a run in which nothing can happen any more is stuck instead.
                let seconds = directed.played.recording.wall.as_secs_f64();
                self.skipped = Some(format!("a directed run was stopped after {seconds:.1} s"));
                return Ok(None);
            }
            Judgement::Failed(failure) => {
                self.judged.insert(key.clone(), Err(failure.neutral().report(width())));
                self.faults.entry(key.clone()).or_insert_with(|| trace.choices.clone());
                let run = self.runs;
                self.first_fault.get_or_insert(FirstFault {
                    run,
                    choices: trace.choices,
                    directed,
                });
            }
            Judgement::Skipped(reason) => {
                self.skipped = Some(reason.clone());
                return Ok(None);
            }
        }
        Ok(Some(Ran::Ended(key)))
    }

    /// What the scene prints in every order. None if the bounds do not suffice, if there are too many outputs, or if
    /// the runs so far were `enough`.
    pub(crate) fn every_order(
        &mut self,
        all: &mut All,
        enough: impl Fn(&Self) -> bool,
    ) -> Result<Option<Vec<Output>>> {
        while self.run(all)?.is_some() {
            if enough(self) {
                return Ok(None);
            }
        }
        if !all.is_complete() {
            return Ok(None);
        }
        let outputs = all.outputs(OUTPUTS + 1);
        if outputs.is_empty() || outputs.len() > OUTPUTS {
            return Ok(None);
        }
        for output in &outputs {
            if !self.confirm(output)? {
                return Ok(None);
            }
        }
        Ok(Some(outputs))
    }

    /// Judges an output that follows from other runs, by one more run if the output alone does not show that it is
    /// legal. False if that is impossible.
    fn confirm(&mut self, output: &Output) -> Result<bool> {
        let key = (output.lines.clone(), output.end);
        if self.judged.contains_key(&key) {
            return Ok(true);
        }
        let printed = with_pids(&output.lines);
        if output.end == End::Finished
            && let Verdict::Accepted(accepted) = self.transcript.judge(&printed, Timing::Waived)
        {
            self.keep_shape(&accepted.shape, &printed);
            self.judged.insert(key, Ok(accepted.shape));
            return Ok(true);
        }
        Ok(self.run(&mut Replay::new(output.replay.clone()))? == Some(Ran::Ended(key)))
    }

    /// Tries, in at most this many runs, to print a legal output of this shape.
    pub(crate) fn steer(&mut self, shape: &[String], tries: usize) -> Result<Steered> {
        let mut steer = Steer::new(Wanted::new(shape), &self.known);
        for _ in 0..tries {
            if self.run(&mut steer)?.is_none() {
                break;
            }
        }
        Ok(steer.result())
    }

    /// How many runs there were.
    pub(crate) fn runs(&self) -> usize {
        self.runs
    }

    /// How many of them were cut off, since they had more than [`STEPS`] moves.
    pub(crate) fn cut_off(&self) -> usize {
        self.cut_off
    }

    /// How many of them the policy has ended, since they could not print any more what it looked for.
    pub(crate) fn given_up(&self) -> usize {
        self.given_up
    }

    /// The shapes of the legal outputs that were shown: never more than the transcript counts.
    pub(crate) fn shapes(&self) -> BTreeSet<Vec<String>> {
        self.shapes.clone()
    }

    fn keep_shape(&mut self, shape: &[String], output: &str) {
        let judged = || self.transcript.judge(output, Timing::Judged);
        if !self.transcript.claims_time() || matches!(judged(), Verdict::Accepted(_)) {
            self.shapes.insert(shape.to_vec());
        }
    }

    /// What the transcript says about an output that was shown.
    pub(crate) fn judged(&self, key: &Key) -> Option<&Judged> {
        self.judged.get(key)
    }

    /// The choices of a run that printed this and was not legal.
    pub(crate) fn fault(&self, key: &Key) -> Option<&Choices> {
        self.faults.get(key)
    }

    pub(crate) fn first_fault(&self) -> Option<&FirstFault> {
        self.first_fault.as_ref()
    }

    pub(crate) fn take_first_fault(&mut self) -> Option<FirstFault> {
        self.first_fault.take()
    }

    /// Whether some process had several threads. They share memory, and the director does not see what they do there.
    pub(crate) fn has_threads(&self) -> bool {
        self.has_threads
    }

    /// Why this machine cannot play the scene, if it cannot.
    pub(crate) fn skipped(&self) -> Option<&str> {
        self.skipped.as_deref()
    }

    /// The outputs of the runs, with how many runs have printed each.
    pub(crate) fn outputs(&self) -> Vec<Output> {
        self.shown.outputs().collect()
    }
}

fn has_threads(steps: &[Step]) -> bool {
    let threads: BTreeSet<_> =
        steps.iter().map(|step| (step.made.pid, &step.made.thread)).collect();
    let processes: BTreeSet<i32> = steps.iter().map(|step| step.made.pid).collect();
    threads.len() > processes.len()
}

/// What is not shown, if some of the runs were cut off.
pub(crate) fn cut_off(some: usize, runs: usize) -> Option<String> {
    let runs = counted(runs, "directed run");
    let moves = grouped(STEPS as u128);
    (some > 0).then(|| format!("not shown: {some} of {runs}, cut off after {moves} moves"))
}
