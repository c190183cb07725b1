//! Every schedule of the scenes whose program is explored.

use std::collections::{BTreeMap, BTreeSet};

use course::{Chapter, Course, Explored};
use explorer::{Incomplete, Limits};
use transcript::Transcript;

use super::plan::{Claim, Subject};
use crate::cli::Memory;
use crate::exit::{Error, Result};
use crate::player::Player;
use crate::schedules::outcome::{judge, notes};
use crate::schedules::{self, Explorer, replay};
use crate::terminal::counted_many;

/// The explored programs of subjects, by their numbers.
pub(super) type Programs = BTreeMap<usize, Program>;

/// An explored program, with the sizes of a subject's transcript.
pub(super) struct Program {
    /// The scene, without its variant: a replay takes the same sizes by itself.
    scene: String,
    /// If it does not compile with the std of the explorer: the compiler's errors.
    explorer: std::result::Result<Explorer, String>,
}

/// What the schedules of a program have shown.
#[derive(Debug)]
pub(super) struct Schedules {
    pub(super) number: u128,
    /// Why these are not all schedules, if they are not.
    incomplete: Option<Incomplete>,
    /// The shapes of the legal outcomes.
    pub(super) shapes: BTreeSet<Vec<String>>,
    pub(super) broken: Option<Broken>,
}

/// What is wrong with a program.
#[derive(Debug)]
pub(super) enum Broken {
    /// It does not compile with the std of the explorer.
    NotCompiled(String),
    /// A schedule whose outcome is not legal.
    Schedule {
        /// What it prints, and what happens apart from that.
        lines: Vec<String>,
        fault: String,
        /// The command that shows it step by step.
        replay: String,
    },
}

/// Builds the explored programs of the chapters, for the subjects with the smallest sizes.
pub(super) fn programs(
    player: &Player,
    course: &Course,
    chapters: &[&Chapter],
    subjects: &[Subject],
) -> Result<Programs> {
    let explored = explored(course, chapters, subjects)?;
    let mut chapters: Vec<&Chapter> = explored.iter().map(|(_, chapter, _)| *chapter).collect();
    chapters.dedup_by_key(|chapter| &chapter.name);
    let built = schedules::Programs::build(player, course, &chapters)?;
    let mut programs = Programs::new();
    for (index, chapter, program) in explored {
        let explorer = match built.explorer(chapter, &program, Memory::Sequential) {
            Ok(explorer) => Ok(explorer),
            Err(Error::NotCompiled(errors)) => Err(errors),
            Err(error) => return Err(error),
        };
        programs.insert(index, Program { scene: program.explored.name, explorer });
    }
    Ok(programs)
}

/// The subjects whose transcript has the sizes with which their scene is explored: the number, the chapter and the
/// program of each.
fn explored<'c>(
    course: &Course,
    chapters: &[&'c Chapter],
    subjects: &[Subject],
) -> Result<Vec<(usize, &'c Chapter, schedules::Subject)>> {
    let mut found = Vec::new();
    for chapter in chapters.iter().filter(|chapter| !chapter.explored.is_empty()) {
        let of_chapter =
            |subject: &Subject| subject.name.split('/').next() == Some(chapter.name.as_str());
        let is_wrong = |subject: &Subject| matches!(subject.claim, Claim::Nothing { .. });
        if subjects.iter().any(|subject| of_chapter(subject) && is_wrong(subject)) {
            continue; // The check fails anyway, with a better message than the explorer has.
        }
        for scene in chapter.scenes()? {
            let Some(explored) = Explored::of(chapter, &scene)? else { continue };
            let program = schedules::Subject::new(course, &scene, explored, &[])?;
            let proves = |subject: &Subject| match (&subject.claim, &program.transcript) {
                (Claim::Scene(scene), Some(its)) => scene.transcript.name() == its.name(),
                _ => false,
            };
            if let Some(index) = subjects.iter().position(proves) {
                found.push((index, *chapter, program));
            }
        }
    }
    Ok(found)
}

/// Plays every schedule of the program, and judges each outcome by the transcript.
pub(super) fn every_schedule(program: &Program, transcript: &Transcript) -> Result<Schedules> {
    let explorer = match &program.explorer {
        Ok(explorer) => explorer,
        Err(errors) => {
            let broken = Some(Broken::NotCompiled(errors.clone()));
            return Ok(Schedules { number: 0, incomplete: None, shapes: BTreeSet::new(), broken });
        }
    };
    let report = explorer.explore(Limits::default())?;
    let mut shapes = BTreeSet::new();
    let mut broken = None;
    for outcome in &report.outcomes {
        match judge(transcript, outcome) {
            Ok(shape) => _ = shapes.insert(shape),
            Err(_) if broken.is_some() => {}
            Err(fault) => {
                let lines = outcome.output.lines().map(str::to_owned);
                let choices = outcome.replay.iter().map(|choice| *choice as usize);
                broken = Some(Broken::Schedule {
                    lines: lines.chain(notes(outcome)).collect(),
                    fault,
                    replay: replay(&program.scene, Memory::Sequential, choices, &[]),
                });
            }
        }
    }
    Ok(Schedules { number: report.schedules, incomplete: report.incomplete, shapes, broken })
}

impl Schedules {
    /// Whether every schedule was played.
    pub(super) fn are_all(&self) -> bool {
        self.incomplete.is_none()
    }

    /// `all 12,870 schedules`, or `stopped after 20,000,000 schedules`.
    pub(super) fn shown(&self) -> String {
        let number = counted_many(self.number, "schedule");
        match self.incomplete {
            None if self.number == 1 => "the only schedule".to_owned(),
            None => format!("all {number}"),
            Some(Incomplete::Schedules | Incomplete::Time) => format!("stopped after {number}"),
            Some(Incomplete::Steps) => format!("{number}, some of them cut off"),
        }
    }
}
