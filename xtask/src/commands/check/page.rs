//! The results for one subject, and the entry of the report that describes them.

use std::time::Duration;

use runner::Direction;
use transcript::Count;

use super::entry::{
    AttackRecord, Entry, Evidence, Failed, FaultRecord, ScheduleRecord, Seen, Status,
};
use super::explored::Broken;
use super::plan::{Claim, NOT_COMPILED, ProvenScene, Subject};
use super::report::MARGIN;
use super::series::Series;
use crate::attacks::Attacked;
use crate::cli;
use crate::drawing::{drawing, width};
use crate::judgement::{Failure, Judgement};
use crate::player::{Played, SPEED};
use crate::steps;
use crate::terminal::wrapped;

/// How many bytes of a failed run's output are reported.
const EVIDENCE: usize = 64 << 10;

/// The results for one subject.
#[derive(Default)]
pub(super) struct Page {
    /// How many tasks are not done yet.
    pub(super) open: usize,
    pub(super) series: Series,
    /// The time of the shortest run.
    pub(super) shortest: Option<Duration>,
    /// What is wrong with a refused snippet.
    pub(super) accepted: Option<String>,
}

/// How a check runs its scenes.
#[derive(Clone, Copy)]
pub(super) struct Manner<'a> {
    pub(super) arguments: &'a cli::Check,
    /// The seed of the disturbances, if the runs are disturbed.
    pub(super) seed: Option<u64>,
    /// Whether scenes are attacked.
    pub(super) attacks: bool,
}

impl Page {
    /// Describes the subject. `legal` is the number of its legal outputs.
    pub(super) fn entry(&self, subject: &Subject, legal: Count, manner: Manner<'_>) -> Entry {
        let mut entry = Entry::passed(&subject.name);
        match &subject.claim {
            Claim::Scene(scene) => self.enter_scene(&mut entry, scene, legal, manner),
            Claim::Refused(_) => {
                if let Some(message) = &self.accepted {
                    entry.fail("NOT REFUSED", message.clone());
                }
            }
            Claim::Nothing { cause, message } => {
                entry.fail(cause, message.clone());
                // The compiler's message has its own layout.
                if *cause != NOT_COMPILED {
                    entry.report = Some(wrapped(message, width().saturating_sub(MARGIN)));
                }
            }
        }
        entry
    }

    fn enter_scene(
        &self,
        entry: &mut Entry,
        scene: &ProvenScene,
        legal: Count,
        manner: Manner<'_>,
    ) {
        let series = &self.series;
        self.enter_shown(entry, scene, legal, manner);
        match (&series.failed, &series.skipped) {
            (Some((run, failure, played)), _) => {
                enter_failure(entry, failure, manner.repeat(&entry.name));
                entry.evidence = Some(evidence(scene, Failed::Free { run: *run }, failure, played));
            }
            (None, Some(reason)) => {
                entry.status = Status::Skipped;
                entry.cause = Some(reason.clone());
            }
            // Every free run passed, and still they may have shown too little.
            (None, None) => {
                if let Some(failure) = Failure::unseen(&scene.transcript, &series.sightings) {
                    enter_failure(entry, &failure, manner.repeat(&entry.name));
                }
                if let Some(attacked) = &series.attacked {
                    enter_attack(entry, scene, attacked);
                }
                if let Some(broken) = series.explored.as_ref().and_then(|it| it.broken.as_ref()) {
                    enter_schedule(entry, broken);
                }
            }
        }
    }

    /// What the runs have shown, whether or not one has failed.
    fn enter_shown(
        &self,
        entry: &mut Entry,
        scene: &ProvenScene,
        legal: Count,
        manner: Manner<'_>,
    ) {
        let series = &self.series;
        let attacked = series.attacked.as_deref();
        let lints = scene.transcript.lint();
        entry.notes = lints.iter().map(|lint| format!("warning: {lint}")).collect();
        entry.notes.extend(series.notes.iter().cloned());
        entry.notes.extend(self.unjudged(scene, manner));
        entry.notes.extend(attacked.map(Attacked::remarks).unwrap_or_default());
        let seen = series.seen();
        entry.runs = Some(Seen { accepted: series.accepted, seen, legal, seconds: series.seconds });
        entry.attacks = attacked.map(|attacked| AttackRecord {
            runs: attacked.runs,
            cut_off: attacked.cut_off,
            every_order: attacked.shows_all(seen, legal),
            arrows: attacked.attacks.arrows(),
            attacked: attacked.attacks.attacked(),
            obstacle: attacked.obstacle(),
        });
        if manner.attacks {
            entry.undirected = scene.undirected.clone();
        }
        entry.shown = match (attacked, &entry.undirected) {
            (Some(attacked), _) => attacked.shown(seen, legal),
            (None, Some(reason)) => format!("{}; not attacked: {reason}", legal.seen(seen)),
            (None, None) => legal.seen(seen),
        };
        if let Some(explored) = &series.explored {
            let (number, all) = (explored.number, explored.are_all());
            entry.schedules = Some(ScheduleRecord { number, all });
            entry.shown += &format!(", {}", explored.shown());
        }
    }

    /// A note if claims about time could not be judged. A shaken check has said so already.
    fn unjudged(&self, scene: &ProvenScene, manner: Manner<'_>) -> Option<String> {
        let stall = self.series.unjudged()?;
        (manner.seed.is_none() && scene.transcript.claims_time()).then(|| {
            format!(
                "its claims about time were judged in no run: the machine stalled for up to {} ms",
                stall.as_millis()
            )
        })
    }
}

impl Manner<'_> {
    /// The command that repeats the free runs of a subject.
    fn repeat(self, name: &str) -> String {
        let Self { arguments, seed, .. } = self;
        let mut command = format!("cargo xtask check {name}");
        if arguments.speed != SPEED {
            command += &format!(" --speed {}", arguments.speed);
        }
        if let Some(seed) = seed {
            command += &format!(" --shake --seed {seed}");
        }
        if arguments.free {
            command += " --free";
        }
        command + &format!(" --runs {}", arguments.runs.unwrap_or(0).max(10))
    }
}

fn enter_failure(entry: &mut Entry, failure: &Failure, repeat: String) {
    entry.fail(&failure.word(), failure.to_string());
    entry.report = Some(failure.report(width().saturating_sub(MARGIN)));
    entry.faults = failure.faults().iter().map(FaultRecord::from).collect();
    entry.repeat = Some(repeat);
}

/// What came of the attacks, if one of them broke the scene.
fn enter_attack(entry: &mut Entry, scene: &ProvenScene, attacked: &Attacked) {
    let Some(broken) = &attacked.broken else { return };
    let Judgement::Failed(failure) = &broken.directed.judgement else { return };
    let repeat =
        steps::command((&entry.name, scene.is_explored), &Direction::default(), &broken.choices);
    enter_failure(entry, failure, repeat);
    let failed = Failed::Directed { run: broken.run, how: broken.how.clone() };
    entry.evidence = Some(evidence(scene, failed, failure, &broken.directed.played));
}

/// What is wrong with an explored program.
fn enter_schedule(entry: &mut Entry, broken: &Broken) {
    if entry.status == Status::Failed {
        return;
    }
    match broken {
        Broken::NotCompiled(errors) => entry.fail(NOT_COMPILED, errors.clone()),
        Broken::Schedule { lines, fault, replay } => {
            entry.fail("SCHEDULE", fault.clone());
            entry.report = Some(wrapped(fault, width().saturating_sub(MARGIN)));
            let stdout: String = lines.iter().map(|line| format!("{line}\n")).collect();
            let drawing = lines.iter().map(|line| format!("    {line}\n")).collect();
            let (failed, stderr) = (Failed::Schedule {}, String::new());
            entry.evidence = Some(Evidence { failed, stdout, stderr, drawing });
            entry.repeat = Some(replay.clone());
        }
    }
}

fn evidence(scene: &ProvenScene, failed: Failed, failure: &Failure, played: &Played) -> Evidence {
    let Played { recording, timing } = played;
    let stdout = recording.stdout();
    let stdout = &stdout[..stdout.len().min(EVIDENCE)];
    let stdout = String::from_utf8_lossy(stdout).into_owned();
    let drawing = match failure.rejected {
        Some(_) if !stdout.is_empty() => drawing(&scene.transcript, &stdout, *timing),
        _ => String::new(),
    };
    Evidence {
        failed,
        stdout,
        stderr: String::from_utf8_lossy(&recording.stderr()).into_owned(),
        drawing,
    }
}
