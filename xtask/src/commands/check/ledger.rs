//! Collects the results of a check's threads, and reports each subject when all its results are known.

use std::time::Duration;

use course::{Cache, Span};
use runner::{Recording, Refusal};
use transcript::Count;

use super::checker::Found;
use super::entry::{
    AttackRecord, Entry, Evidence, Failed, FaultRecord, ScheduleRecord, Seen, Status,
};
use super::explored::Broken;
use super::plan::{Claim, NOT_COMPILED, Plan, ProvenScene, Subject, Task, is_free};
use super::report::{MARGIN, Reporter};
use super::series::Series;
use crate::attacks::Attacked;
use crate::cli;
use crate::drawing::{drawing, width};
use crate::exit::Result;
use crate::judgement::{Failure, Judgement};
use crate::player::{Played, SPEED};
use crate::terminal::wrapped;

/// How many bytes of a failed run's output are reported.
const EVIDENCE: usize = 64 << 10;

/// The most choices of a replay that a report shows.
const MOST_CHOICES: usize = 1_000;

/// The results so far, and how many of them have been reported.
pub(super) struct Ledger<'a> {
    arguments: &'a cli::Check,
    seed: Option<u64>,
    /// Whether scenes are attacked, and why they cannot be.
    attacks: bool,
    refusal: Option<Refusal>,
    subjects: &'a [Subject],
    pages: Vec<Page>,
    cache: Cache,
    reporter: Reporter,
    /// How many subjects have been reported: always the first ones, so that the report is in reading order.
    reported: usize,
}

/// The results for one subject.
#[derive(Default)]
struct Page {
    /// How many tasks are not done yet.
    open: usize,
    series: Series,
    /// The time of the shortest run.
    shortest: Option<Duration>,
    /// What is wrong with a refused snippet.
    accepted: Option<String>,
}

impl<'a> Ledger<'a> {
    pub(super) fn open(
        arguments: &'a cli::Check,
        seed: Option<u64>,
        refusal: Option<Refusal>,
        subjects: &'a [Subject],
        plan: &Plan,
        cache: Cache,
    ) -> Self {
        let mut pages: Vec<Page> = subjects.iter().map(|_| Page::default()).collect();
        for task in plan.tasks() {
            pages[task.subject()].open += 1;
        }
        let names = subjects.iter().map(|subject| subject.name.len()).max();
        Self {
            arguments,
            seed,
            attacks: !is_free(arguments) && refusal.is_none(),
            refusal,
            subjects,
            pages,
            cache,
            reporter: Reporter::new(arguments.format, names.unwrap_or(0), plan.tasks().count()),
            reported: 0,
        }
    }

    /// Reports the first subjects, up to one that has tasks.
    pub(super) fn enter_idle(&mut self) -> Result<()> {
        while let Some(page) = self.pages.get(self.reported)
            && page.open == 0
        {
            let entry = self.entry(&self.subjects[self.reported], page);
            self.reporter.entry(&entry)?;
            self.reported += 1;
        }
        Ok(())
    }

    /// Notes the result of a task, and reports the subjects that it completes.
    pub(super) fn enter(&mut self, task: Task, found: Found) -> Result<()> {
        let subject = &self.subjects[task.subject()];
        let page = &mut self.pages[task.subject()];
        page.open -= 1;
        match (found, &subject.claim) {
            (Found::Ran(runs), _) => {
                for (run, judgement, played) in runs {
                    let Recording { wall, processor, .. } = played.recording;
                    let is_shortest = page.shortest.is_none_or(|shortest| wall < shortest);
                    // Only undisturbed runs at the usual speed show how long a scene takes, and the shortest one was
                    // disturbed least by the others.
                    if is_shortest && self.seed.is_none() && self.arguments.speed == SPEED {
                        page.shortest = Some(wall);
                        let span = Span { wall, processor: processor.unwrap_or(wall) };
                        self.cache.keep_span(&subject.name, span);
                    }
                    page.series.add(run, judgement, played);
                }
            }
            (Found::Attacked(attacked), _) => page.series.attacked = Some(attacked),
            (Found::Varied(varied), _) => page.series.vary(*varied),
            (Found::Explored(explored), _) => page.series.explore(explored),
            (Found::Counted(count), Claim::Scene(scene)) => {
                self.cache.keep_count(&scene.text, count);
            }
            (Found::Refused(Ok(())), Claim::Refused(refused)) => {
                self.cache.keep_refused(refused.key, &refused.name);
            }
            (Found::Refused(Err(message)), _) => page.accepted = Some(message),
            (Found::Counted(_) | Found::Refused(Ok(())) | Found::Spared, _) => {}
        }
        self.reporter.step(&subject.name);
        self.enter_idle()
    }

    /// Prints the sum. Returns the updated cache, and how many subjects failed.
    pub(super) fn close(self, interrupted: bool) -> Result<(Cache, usize)> {
        let unreported = self.subjects.len() - self.reported;
        let unchecked = if interrupted { unreported } else { 0 };
        let refusal = self.refusal.map(|refusal| refusal.to_string());
        Ok((self.cache, self.reporter.finish(self.seed, refusal, unchecked)?))
    }

    fn entry(&self, subject: &Subject, page: &Page) -> Entry {
        let mut entry = Entry {
            name: subject.name.clone(),
            status: Status::Passed,
            cause: None,
            message: None,
            report: None,
            shown: String::new(),
            faults: Vec::new(),
            notes: Vec::new(),
            runs: None,
            attacks: None,
            schedules: None,
            undirected: None,
            evidence: None,
            repeat: None,
        };
        match &subject.claim {
            Claim::Scene(scene) => self.enter_scene(&mut entry, scene, &page.series),
            Claim::Refused(_) => {
                if let Some(message) = &page.accepted {
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

    fn enter_scene(&self, entry: &mut Entry, scene: &ProvenScene, series: &Series) {
        let lints = scene.transcript.lint();
        entry.notes = lints.iter().map(|lint| format!("warning: {lint}")).collect();
        entry.notes.extend(series.notes.iter().cloned());
        entry.notes.extend(self.unjudged(scene, series));
        let (seen, legal) =
            (series.seen(), self.cache.count(&scene.text).unwrap_or(Count::Uncounted));
        entry.runs = Some(Seen { accepted: series.accepted, seen, legal, seconds: series.seconds });
        entry.attacks = series.attacked.as_deref().map(|attacked| AttackRecord {
            runs: attacked.runs,
            every_order: attacked.shows_all(seen, legal),
            arrows: attacked.attacks.arrows(),
            attacked: attacked.attacks.attacked(),
        });
        if self.attacks {
            entry.undirected = scene.undirected.clone();
        }
        entry.shown = match (&series.attacked, &entry.undirected) {
            (Some(attacked), _) => attacked.shown(seen, legal),
            (None, Some(reason)) => format!("{}; not attacked: {reason}", legal.seen(seen)),
            (None, None) => legal.seen(seen),
        };
        if let Some(explored) = &series.explored {
            let (number, all) = (explored.number, explored.are_all());
            entry.schedules = Some(ScheduleRecord { number, all });
            entry.shown += &format!(", {}", explored.shown());
        }
        match (&series.failed, &series.skipped) {
            (Some((run, failure, played)), _) => {
                self.enter_failure(entry, failure);
                entry.evidence = Some(evidence(scene, Failed::Free { run: *run }, failure, played));
            }
            (None, Some(reason)) => {
                entry.status = Status::Skipped;
                entry.cause = Some(reason.clone());
            }
            // Every free run passed, and still they may have shown too little.
            (None, None) => {
                if let Some(failure) = Failure::unseen(&scene.transcript, &series.sightings) {
                    self.enter_failure(entry, &failure);
                }
                if let Some(attacked) = &series.attacked {
                    self.enter_attack(entry, scene, attacked);
                }
                if let Some(broken) = series.explored.as_ref().and_then(|it| it.broken.as_ref()) {
                    enter_schedule(entry, broken);
                }
            }
        }
    }

    fn enter_failure(&self, entry: &mut Entry, failure: &Failure) {
        entry.fail(&failure.word(), failure.to_string());
        entry.report = Some(failure.report(width().saturating_sub(MARGIN)));
        entry.faults = failure.faults().iter().map(FaultRecord::from).collect();
        entry.repeat = Some(self.repeat(&entry.name));
    }

    /// What came of the attacks, if one of them broke the scene.
    fn enter_attack(&self, entry: &mut Entry, scene: &ProvenScene, attacked: &Attacked) {
        let Some(broken) = &attacked.broken else { return };
        let Judgement::Failed(failure) = &broken.directed.judgement else { return };
        self.enter_failure(entry, failure);
        let failed = Failed::Directed { run: broken.run, how: broken.how.clone() };
        entry.evidence = Some(evidence(scene, failed, failure, &broken.directed.played));
        // To find the run again takes no longer than to copy more choices than this.
        if broken.choices.numbers().len() <= MOST_CHOICES {
            entry.repeat = Some(format!("cargo xtask replay {} {}", entry.name, broken.choices));
        }
    }

    /// A note if claims about time could not be judged. A shaken check has said so already.
    fn unjudged(&self, scene: &ProvenScene, series: &Series) -> Option<String> {
        let stall = series.unjudged()?;
        (self.seed.is_none() && scene.transcript.claims_time()).then(|| {
            format!(
                "its claims about time were judged in no run: the machine stalled for up to {} ms",
                stall.as_millis()
            )
        })
    }

    /// The command that repeats the check.
    fn repeat(&self, name: &str) -> String {
        let mut command = format!("cargo xtask check {name}");
        if self.arguments.speed != SPEED {
            command += &format!(" --speed {}", self.arguments.speed);
        }
        if let Some(seed) = self.seed {
            command += &format!(" --shake --seed {seed}");
        }
        if self.arguments.free {
            command += " --free";
        }
        command + &format!(" --runs {}", self.arguments.runs.unwrap_or(0).max(10))
    }
}

impl Entry {
    fn fail(&mut self, cause: &str, message: String) {
        self.status = Status::Failed;
        self.cause = Some(cause.to_owned());
        self.message = Some(message);
    }
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
