//! `check`: run scenes and hold their output against their transcripts.
//!
//! What was selected becomes subjects, and these become tasks (plan). Threads take the tasks and find something: they run
//! scenes (`runner`) and judge what comes of it (`judgement`), or ask the compiler (refused). What they find is entered
//! in the ledger, which adds up the runs of a scene (tally) and reports each subject (report). What the next check need
//! not find again is kept (known).

mod known;
mod ledger;
mod plan;
mod refused;
mod report;
mod tally;

use std::sync::atomic::{AtomicBool, Ordering};

use transcript::Timing;

use self::known::{Known, hash};
use self::ledger::Ledger;
use self::plan::{Claim, Scene, Subject, Task, subjects, tasks};
use crate::answer::{Answer, Error, Result};
use crate::artifacts::Artifacts;
use crate::cli::{self, Format};
use crate::judgement::{Judgement, judge};
use crate::parallel;
use crate::runner::{Load, Report, Run, Runner};
use crate::workspace::{Chapter, Workspace};

pub(crate) use self::refused::expected;

/// How often a run is made again in which claims about time could not be judged.
const REPETITIONS: u32 = 2;

/// What came of a task.
pub(crate) enum Found {
    /// So many a time, from 1.
    Ran(u32, Box<(Judgement, Report)>),
    /// How many legal outputs there are, in words.
    Counted(String),
    /// Whether the compiler refused it as expected; if not, what it said instead.
    Refused(std::result::Result<(), String>),
    /// Nothing: an earlier run of the scene has failed.
    Spared,
}

pub(crate) fn check(arguments: &cli::Check) -> Result {
    let workspace = Workspace::find()?;
    let selected = workspace.select(&arguments.selectors)?;
    let runner = Runner::new()?;
    let chapters: Vec<&Chapter> = selected.iter().map(|selected| selected.chapter).collect();
    let artifacts = match (Artifacts::of(&runner, &workspace, &chapters), arguments.format) {
        (Err(Error::NotCompiled(errors)), Format::Json) => return report::not_compiled(&errors),
        (artifacts, _) => artifacts?,
    };
    let mut subjects = subjects(&workspace, &selected, &artifacts)?;
    if let Some(shard) = arguments.shard {
        let mut positions = 0..;
        subjects.retain(|_| positions.next().is_some_and(|position| shard.contains(position)));
    }

    let drawn = || fastrand::u64(..1 << 32);
    let seed = arguments.shake.then(|| arguments.seed.unwrap_or_else(drawn));
    if let (Some(seed), Format::Human) = (seed, arguments.format) {
        anstream::eprintln!(
            "shaking: claims about time are not judged; --shake --seed {seed} repeats it"
        );
    }
    let _load = seed.map(|_| Load::start());

    let known = Known::load(&workspace);
    let tasks = tasks(&subjects, arguments.runs, &known);
    let checker = Checker {
        runner: &runner,
        subjects: &subjects,
        speed: arguments.speed,
        seed,
        failed: subjects.iter().map(|_| AtomicBool::new(false)).collect(),
    };
    let mut ledger = Ledger::open(arguments, seed, &subjects, &tasks, known);
    ledger.enter_idle()?;
    let jobs = arguments.jobs.map_or_else(parallel::cores, |jobs| jobs as usize);
    let work = |task| (task, checker.perform(task));
    parallel::for_each(jobs, tasks, work, |(task, found)| ledger.enter(task, found?))?;
    let (known, failures) = ledger.close()?;
    known.save(&workspace);
    Ok(Answer::from_failures(failures))
}

/// Does tasks: what the threads share.
struct Checker<'a> {
    runner: &'a Runner,
    subjects: &'a [Subject],
    speed: u32,
    seed: Option<u64>,
    /// For each subject whether a run of it has failed: no further one is worth its time.
    failed: Vec<AtomicBool>,
}

impl Checker<'_> {
    fn perform(&self, task: Task) -> Result<Found> {
        let found = self.find(task);
        // On a terminal Ctrl-C reaches the compiler as well: what it did not say is no finding.
        if self.runner.interrupted() { Err(Error::Interrupted) } else { found }
    }

    fn find(&self, task: Task) -> Result<Found> {
        let index = task.subject();
        match (task, &self.subjects[index].claim) {
            (Task::Run(..), _) if self.failed[index].load(Ordering::Relaxed) => Ok(Found::Spared),
            (Task::Run(_, run), Claim::Scene(scene)) => {
                let (judgement, report) = self.play(index, scene, run)?;
                if matches!(judgement, Judgement::Failed(_)) {
                    self.failed[index].store(true, Ordering::Relaxed);
                }
                Ok(Found::Ran(run, Box::new((judgement, report))))
            }
            (Task::Count(_), Claim::Scene(scene)) => {
                Ok(Found::Counted(scene.transcript.count().to_string()))
            }
            (Task::Refuse(_), Claim::Refused(refused)) => Ok(Found::Refused(refused.judge())),
            _ => Ok(Found::Spared),
        }
    }

    /// Runs a scene once; again if it claims something about time and the machine stood still.
    fn play(&self, index: usize, scene: &Scene, number: u32) -> Result<(Judgement, Report)> {
        let name = &self.subjects[index].name;
        let shake = self.seed.map(|seed| hash((seed, name, number)));
        let transcript = &scene.transcript;
        let run = Run::new(transcript.command(), &scene.binary, scene.deadline);
        let run = Run { speed: self.speed, shake, ..run };
        let mut repetitions = 0;
        loop {
            let report = self.runner.run(&run)?;
            let judgement = judge(transcript, &report);
            let unjudged = transcript.claims_time()
                && report.timing == Timing::Waived
                && matches!(judgement, Judgement::Passed(_));
            if !unjudged || shake.is_some() || repetitions == REPETITIONS {
                return Ok((judgement, report));
            }
            repetitions += 1;
        }
    }
}
