//! `check`: plays scenes, and judges their output by their transcripts.
//!
//! The selection becomes subjects, and each subject becomes tasks (`plan`). Threads take the tasks (`checker`). First
//! they play each scene freely, count legal outputs, and call the compiler. When all that is done, they attack the
//! scenes: no attack takes a processor from a run whose times are judged. In the end they try other orders, and play
//! every schedule of the scenes whose program is `explored` by one of the `explorers`. The `ledger` collects the
//! results on a `page` for each subject, which adds up the runs of a scene (`series`). The page of a subject becomes
//! its `entry` in the `report`. The `summary` is its last line.

mod checker;
mod entry;
mod explored;
mod explorers;
mod ledger;
mod page;
mod plan;
mod report;
mod series;
mod summary;

use std::time::Duration;

use course::{Cache, Chapter, Course};
use runner::Refusal;

use self::checker::{Checker, Progress};
use self::explorers::{Explorers, explorers};
use self::ledger::Ledger;
use self::page::Manner;
use self::plan::{Task, is_free, subjects, tasks};
use crate::attacks::Effort;
use crate::cli::{self, CHECK_RUNS, Format};
use crate::exit::{Answer, Error, Result};
use crate::parallel::{self, Limit, Work, processors};
use crate::player::{self, Player};
use crate::time_budget::TimeBudget;

/// The longest time that a directed run may take, unless the check is thorough. Most take some hundredths of a second.
const LONGEST_DIRECTED: Duration = Duration::from_secs(3);

pub(crate) fn check(arguments: &cli::Check) -> Result {
    let course = Course::find()?;
    let selected = course.select(&arguments.names)?;
    let player = Player::new()?;
    let chapters: Vec<&Chapter> = selected.iter().map(|selected| selected.chapter).collect();
    let artifacts = player.build(&course, &chapters)?;
    let subjects = subjects(&course, &selected, &artifacts)?;
    let explorers = match arguments.thorough {
        true => explorers(&player, &course, &chapters, &subjects)?,
        false => Explorers::new(),
    };

    let drawn = || fastrand::u64(..1 << 32);
    let seed = arguments.shake.then(|| arguments.seed.unwrap_or_else(drawn));
    let refusal = if is_free(arguments) { None } else { Refusal::here() };
    if let Format::Human = arguments.format {
        announce(seed, refusal.as_ref());
    }
    let attacks = !is_free(arguments) && refusal.is_none();
    let runs = arguments.runs.unwrap_or(if attacks { 1 } else { CHECK_RUNS });
    let cache = Cache::load(&course);
    let is_explored = |subject| explorers.contains_key(&subject);
    let plan = tasks(&subjects, runs, attacks, is_explored, &cache);
    // A director and its program take turns: together they need one processor.
    let jobs = arguments.jobs.map_or(usize::MAX, |jobs| jobs as usize);
    let directed = Limit::pieces(processors().min(jobs));
    let scenes = plan.attacks.len();
    // Directed runs that go on at the same time share this time. Other orders have two fifths of it, and what the
    // attacks leave.
    let time = directed_time(arguments, chapters.len()) * directed.pieces as u32;
    let for_others = time * 2 / 5;
    let budget = TimeBudget::new(time - for_others, scenes);
    let checker = Checker {
        player: &player,
        subjects: &subjects,
        speed: arguments.speed,
        seed,
        runs,
        effort: if arguments.thorough { Effort::THOROUGH } else { Effort::BRIEF },
        longest_directed: if arguments.thorough { Duration::MAX } else { LONGEST_DIRECTED },
        budget: &budget,
        explorers: &explorers,
        progress: subjects.iter().map(|subject| Progress::new(subject.count(&cache))).collect(),
    };
    let manner = Manner { arguments, seed, attacks };
    let mut ledger = Ledger::open(manner, refusal, &subjects, &plan, cache);
    ledger.enter_idle()?;
    let mut perform = |limit: Limit, tasks: Vec<Work<Task>>| {
        let work = |task| (task, checker.perform(task));
        parallel::for_each(limit, tasks, work, |(task, found)| ledger.enter(task, found?))
    };
    let stress = seed.map(|_| runner::Stress::start());
    let mut done = perform(limit(arguments, seed), plan.free);
    drop(stress);
    done = done.and_then(|()| perform(directed, plan.attacks));
    budget.refill(for_others, scenes);
    done = done.and_then(|()| perform(directed, plan.others));
    let (cache, failures) = ledger.close(matches!(done, Err(Error::Interrupted)))?;
    done?;
    cache.save(&course);
    Ok(Answer::from_failures(failures))
}

/// Says on stderr what kind of check this is, if it is not the usual one.
fn announce(seed: Option<u64>, refusal: Option<&Refusal>) {
    if let Some(seed) = seed {
        anstream::eprintln!(
            "shaking: claims about time are not judged; --shake --seed {seed} repeats it"
        );
    }
    if let Some(refusal) = refusal {
        anstream::eprintln!("not attacked: {refusal}; all runs are free");
    }
}

/// As many free runs at the same time as the processors can bear. Disturbed runs get one processor each: that disturbs
/// them enough.
fn limit(arguments: &cli::Check, seed: Option<u64>) -> Limit {
    match (arguments.jobs, seed) {
        (Some(jobs), _) => Limit::pieces(jobs as usize),
        (None, Some(_)) => Limit::one_each(),
        (None, None) => player::limit(),
    }
}

/// How long a check of this many chapters makes directed runs.
fn directed_time(arguments: &cli::Check, chapters: usize) -> Duration {
    let (seconds_per_chapter, most) = if arguments.thorough { (15, 80) } else { (2, 7) };
    Duration::from_secs(most.min(seconds_per_chapter * chapters as u64))
}
