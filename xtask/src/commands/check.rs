//! `check`: plays scenes, and judges their output by their transcripts.
//!
//! The selection becomes subjects, and each subject becomes tasks (`plan`). Threads take the tasks: they play a scene
//! (`player`) and judge the run (`judgement`), attack it (`attacks`), count legal outputs, or call the compiler. The ledger collects the
//! results, adds up the runs of a scene (`series`), and reports each subject (`report`).

mod ledger;
mod plan;
mod report;
mod series;

use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use course::{Cache, Chapter, Course, hash};
use runner::{Choice, Refusal, View};
use transcript::{Budget, Count, Sightings, Timing};

use self::ledger::Ledger;
use self::plan::{Claim, ProvenScene, Subject, Task, subjects, tasks};
use crate::attacks::{Attacked, Effort, attack};
use crate::cli::{self, Format};
use crate::exit::{Answer, Error, Result};
use crate::judgement::{Judgement, judge};
use crate::parallel::{self, Limit};
use crate::player::{self, Play, Played, Player};

/// How often a run is repeated if its claims about time could not be judged.
const REPETITIONS: u32 = 2;

/// The result of a task.
enum Found {
    /// Runs, each with its number, from 1.
    Ran(Vec<(u32, Judgement, Played)>),
    /// What attacks on the scene have shown.
    Attacked(Box<Attacked>),
    /// How many legal outputs there are.
    Counted(Count),
    /// Whether the compiler refused the snippet as expected; if not, what it said instead.
    Refused(std::result::Result<(), String>),
    /// Nothing was done: an earlier run of the scene has failed.
    Spared,
}

pub(crate) fn check(arguments: &cli::Check) -> Result {
    let course = Course::find()?;
    let selected = course.select(&arguments.names)?;
    let player = Player::new()?;
    let chapters: Vec<&Chapter> = selected.iter().map(|selected| selected.chapter).collect();
    let artifacts = player.build(&course, &chapters)?;
    let subjects = subjects(&course, &selected, &artifacts)?;

    let drawn = || fastrand::u64(..1 << 32);
    let seed = arguments.shake.then(|| arguments.seed.unwrap_or_else(drawn));
    if let (Some(seed), Format::Human) = (seed, arguments.format) {
        anstream::eprintln!(
            "shaking: claims about time are not judged; --shake --seed {seed} repeats it"
        );
    }
    let attacks = arguments.attack || arguments.thorough;
    let refusal = if attacks { Refusal::here() } else { None };
    if let (Some(refusal), Format::Human) = (&refusal, arguments.format) {
        anstream::eprintln!("not directed: {refusal}; there are only free runs");
    }
    let attacks = attacks && refusal.is_none();
    let free_runs =
        |subject: &Subject| arguments.runs.unwrap_or_else(|| subject.free_runs(attacks));
    let runs: Vec<u32> = subjects.iter().map(free_runs).collect();
    let _stress = seed.map(|_| runner::Stress::start());

    let cache = Cache::load(&course);
    let tasks = tasks(&subjects, &runs, attacks, &cache);
    let checker = Checker {
        player: &player,
        subjects: &subjects,
        speed: arguments.speed,
        seed,
        runs,
        effort: if arguments.thorough { Effort::THOROUGH } else { Effort::BRIEF },
        counts: subjects.iter().map(|subject| subject.count(&cache)).collect(),
        failed: subjects.iter().map(|_| AtomicBool::new(false)).collect(),
        progress: subjects.iter().map(|_| Mutex::default()).collect(),
    };
    let mut ledger = Ledger::open(arguments, seed, &subjects, &tasks, cache);
    ledger.enter_idle()?;
    let work = |task| (task, checker.perform(task));
    let done = parallel::for_each(limit(arguments, seed), tasks, work, |(task, found)| {
        ledger.enter(task, found?)
    });
    let (cache, failures) = ledger.close(matches!(done, Err(Error::Interrupted)))?;
    done?;
    cache.save(&course);
    Ok(Answer::from_failures(failures))
}

/// As many runs at the same time as the processors can bear. Disturbed runs get one processor each: that disturbs them
/// enough.
fn limit(arguments: &cli::Check, seed: Option<u64>) -> Limit {
    match (arguments.jobs, seed) {
        (Some(jobs), _) => Limit::pieces(jobs as usize),
        (None, Some(_)) => Limit::one_each(),
        (None, None) => player::limit(),
    }
}

/// Does tasks; the threads share it.
struct Checker<'a> {
    player: &'a Player,
    subjects: &'a [Subject],
    speed: u32,
    seed: Option<u64>,
    /// How often each subject runs freely.
    runs: Vec<u32>,
    /// How much is tried in attacks on it.
    effort: Effort,
    /// For each subject, how many legal outputs it has, as earlier checks have found out.
    counts: Vec<Option<Count>>,
    /// For each subject, whether a run has failed: further runs would be wasted.
    failed: Vec<AtomicBool>,
    /// For each subject, how many runs are done, and what they have shown.
    progress: Vec<Mutex<(u32, Sightings)>>,
}

impl Checker<'_> {
    fn perform(&self, task: Task) -> Result<Found> {
        let found = self.find(task);
        // On a terminal Ctrl-C reaches the compiler too: its missing answer is not a finding.
        if self.player.interrupted() { Err(Error::Interrupted) } else { found }
    }

    fn find(&self, task: Task) -> Result<Found> {
        let index = task.subject();
        match (task, &self.subjects[index].claim) {
            (Task::Run(..) | Task::Attack(_), _) if self.failed[index].load(Ordering::Relaxed) => {
                Ok(Found::Spared)
            }
            (Task::Run(_, run), Claim::Scene(scene)) => {
                let mut ran = vec![self.play(index, scene, run)?];
                while let Some(next) = self.further(index, scene, &ran) {
                    ran.push(self.play(index, scene, next)?);
                }
                Ok(Found::Ran(ran))
            }
            (Task::Attack(_), Claim::Scene(scene)) => {
                let transcript = &scene.transcript;
                let play = Play::of(transcript, &scene.binary, scene.deadline);
                let direct =
                    |choose: &mut dyn FnMut(&View<'_>) -> Choice| self.player.direct(&play, choose);
                let legal = self.counts[index].unwrap_or_else(|| transcript.count());
                Ok(Found::Attacked(Box::new(attack(transcript, legal, direct, self.effort)?)))
            }
            (Task::Count(_), Claim::Scene(scene)) => {
                let interrupted = || self.player.interrupted();
                let budget = Budget::default().until(&interrupted);
                Ok(Found::Counted(scene.transcript.count_within(&budget)))
            }
            (Task::Refuse(_), Claim::Refused(refused)) => Ok(Found::Refused(refused.judge())),
            _ => Ok(Found::Spared),
        }
    }

    /// Notes the last run. If it completes the runs that every scene gets, or is a further one, and a `seen` rule waits
    /// to be satisfied: the number of the next run.
    fn further(
        &self,
        index: usize,
        scene: &ProvenScene,
        ran: &[(u32, Judgement, Played)],
    ) -> Option<u32> {
        let (_, judgement, _) = ran.last()?;
        let mut progress = self.progress[index].lock().unwrap_or_else(PoisonError::into_inner);
        let (done, sightings) = &mut *progress;
        *done += 1;
        match judgement {
            Judgement::Passed(accepted) => sightings.add(accepted),
            Judgement::Skipped(_) => return None,
            Judgement::Failed(_) => {
                self.failed[index].store(true, Ordering::Relaxed);
                return None;
            }
        }
        // A run that failed, or was skipped, is no sighting: then no further run is made.
        let all_passed = sightings.runs() == *done;
        let wanted =
            *done >= self.runs[index] && all_passed && scene.transcript.runs_left(sightings) > 0;
        wanted.then_some(*done + 1)
    }

    /// Plays a scene once, and again if it claims something about time and the machine stalled.
    fn play(
        &self,
        index: usize,
        scene: &ProvenScene,
        number: u32,
    ) -> Result<(u32, Judgement, Played)> {
        let name = &self.subjects[index].name;
        let shake = self.seed.map(|seed| hash((seed, name, number)));
        let transcript = &scene.transcript;
        let play = Play::of(transcript, &scene.binary, scene.deadline);
        let play = Play { speed: self.speed, shake, ..play };
        let mut repetitions = 0;
        loop {
            let played = self.player.play(&play)?;
            let judgement = judge(transcript, &played);
            let unjudged = transcript.claims_time()
                && played.timing == Timing::Waived
                && matches!(judgement, Judgement::Passed(_));
            if !unjudged || shake.is_some() || repetitions == REPETITIONS {
                return Ok((number, judgement, played));
            }
            repetitions += 1;
        }
    }
}

/// Whether a progress bar may move on stderr: only on a terminal.
fn shows_progress() -> bool {
    std::io::stderr().is_terminal() && std::io::stdout().is_terminal()
}
