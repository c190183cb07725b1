//! Does the tasks of a check. All its threads share one checker.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use course::hash;
use transcript::{Budget, Count, Sightings, Timing};

use super::explored::Schedules;
use super::explorers::Explorers;
use super::plan::{Claim, ProvenScene, Subject, Task};
use crate::attacks::{Attacked, Effort, Varied, hold_back, vary};
use crate::directed;
use crate::exit::{Error, Result};
use crate::judgement::{Judgement, judge};
use crate::player::{Play, Played, Player};
use crate::time_budget::TimeBudget;

/// How often a run is repeated if its claims about time could not be judged.
const REPETITIONS: u32 = 2;

/// The result of a task.
pub(super) enum Found {
    /// Free runs, each with its number, from 1.
    Ran(Vec<(u32, Judgement, Played)>),
    /// What attacks on the scene have shown.
    Attacked(Box<Attacked>),
    /// What other orders of it have shown.
    Varied(Box<Varied>),
    /// What every schedule of its program has shown.
    Explored(Schedules),
    /// How many legal outputs there are.
    Counted(Count),
    /// Whether the compiler refused the snippet as expected; if not, what it said instead.
    Refused(std::result::Result<(), String>),
    /// Nothing was done: an earlier run of the scene has failed, or was skipped.
    Spared,
}

pub(super) struct Checker<'a> {
    pub(super) player: &'a Player,
    pub(super) subjects: &'a [Subject],
    pub(super) speed: u32,
    pub(super) seed: Option<u64>,
    /// How often each scene runs freely.
    pub(super) runs: u32,
    /// How much is tried in attacks on it.
    pub(super) effort: Effort,
    /// The longest time that a directed run may take.
    pub(super) longest_directed: Duration,
    /// The time for all of them.
    pub(super) budget: &'a TimeBudget,
    pub(super) explorers: &'a Explorers,
    /// For each subject.
    pub(super) progress: Vec<Progress>,
}

/// How far the tasks of a subject have come.
#[derive(Default)]
pub(super) struct Progress {
    /// Whether a run has failed or was skipped: further runs would be wasted.
    settled: AtomicBool,
    /// How many free runs are done, and what they have shown.
    shown: Mutex<(u32, Sightings)>,
    /// How many legal outputs there are, if that is known.
    count: OnceLock<Count>,
}

impl Progress {
    /// Nothing is done, and this is known from earlier checks.
    pub(super) fn new(count: Option<Count>) -> Self {
        Self { count: count.map(OnceLock::from).unwrap_or_default(), ..Self::default() }
    }
}

impl Checker<'_> {
    pub(super) fn perform(&self, task: Task) -> Result<Found> {
        let found = self.find(task);
        // On a terminal Ctrl-C reaches the compiler too: its missing answer is not a finding.
        if self.player.interrupted() { Err(Error::Interrupted) } else { found }
    }

    fn find(&self, task: Task) -> Result<Found> {
        let index = task.subject();
        let progress = &self.progress[index];
        match (task, &self.subjects[index].claim) {
            (Task::Run(..) | Task::Attack(_) | Task::Vary(_) | Task::Explore(_), _)
                if progress.settled.load(Ordering::Relaxed) =>
            {
                Ok(Found::Spared)
            }
            (Task::Run(_, run), Claim::Scene(scene)) => {
                let mut ran = vec![self.play(index, scene, run)?];
                while let Some(next) = self.further(index, scene, &ran) {
                    ran.push(self.play(index, scene, next)?);
                }
                Ok(Found::Ran(ran))
            }
            (Task::Attack(_), Claim::Scene(scene)) => self.attack(scene, progress),
            (Task::Vary(_), Claim::Scene(scene)) => self.vary(scene, progress),
            (Task::Explore(_), Claim::Scene(scene)) => Ok(match self.explorers.get(&index) {
                Some(Ok(explorer)) => {
                    Found::Explored(Schedules::play(explorer, &scene.transcript)?)
                }
                Some(Err(errors)) => Found::Explored(Schedules::not_compiled(errors.clone())),
                None => Found::Spared,
            }),
            (Task::Count(_), Claim::Scene(scene)) => {
                let interrupted = || self.player.interrupted();
                let budget = Budget::default().until(&interrupted);
                let count = scene.transcript.count_within(&budget);
                Ok(Found::Counted(*progress.count.get_or_init(|| count)))
            }
            (Task::Refuse(_), Claim::Refused(refused)) => Ok(Found::Refused(refused.judge())),
            _ => Ok(Found::Spared),
        }
    }

    /// Attacks the arrows of a scene.
    fn attack(&self, scene: &ProvenScene, progress: &Progress) -> Result<Found> {
        let play = self.directed_play(scene);
        self.budget.spend(self.effort.bounds.time, |time| {
            let direct = directed::scene(self.player, &play);
            let attacked = hold_back(&scene.transcript, direct, self.effort.within(time))?;
            progress.settled.fetch_or(attacked.is_settled(), Ordering::Relaxed);
            Ok(Found::Attacked(Box::new(attacked)))
        })
    }

    /// Tries other orders of a scene.
    fn vary(&self, scene: &ProvenScene, progress: &Progress) -> Result<Found> {
        let play = self.directed_play(scene);
        let legal = progress.count.get().copied().unwrap_or(Count::Uncounted);
        self.budget.spend(self.effort.bounds.time, |time| {
            let direct = directed::scene(self.player, &play);
            let varied = vary(&scene.transcript, legal, direct, self.effort.within(time))?;
            Ok(Found::Varied(Box::new(varied)))
        })
    }

    fn directed_play(&self, scene: &ProvenScene) -> Play {
        let deadline = scene.deadline.min(self.longest_directed);
        Play::of(&scene.transcript, &scene.binary, deadline)
    }

    /// Notes the last run. Returns the number of a further run, if the scene has had all runs that every scene gets,
    /// and no run has satisfied one of its `seen` rules.
    fn further(
        &self,
        index: usize,
        scene: &ProvenScene,
        ran: &[(u32, Judgement, Played)],
    ) -> Option<u32> {
        let (_, judgement, _) = ran.last()?;
        let progress = &self.progress[index];
        let mut shown = progress.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let (done, sightings) = &mut *shown;
        *done += 1;
        match judgement {
            Judgement::Passed(accepted) => sightings.add(accepted),
            Judgement::Skipped(_) | Judgement::Failed(_) => {
                progress.settled.store(true, Ordering::Relaxed);
                return None;
            }
        }
        // A run that failed or was skipped is no sighting. After one, no further run is made.
        let all_passed = sightings.runs() == *done;
        let wanted = *done >= self.runs && all_passed && scene.transcript.runs_left(sightings) > 0;
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
