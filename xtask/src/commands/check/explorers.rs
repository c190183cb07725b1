//! Builds what plays every schedule of the subjects that have an explored program.

use std::collections::BTreeMap;

use course::{Chapter, Course, Explored};

use super::plan::{Claim, Subject};
use crate::cli::Memory;
use crate::exit::{Error, Result};
use crate::player::Player;
use crate::schedules::{self, Explorer, Program};

/// What plays the programs of subjects, by their numbers.
pub(super) type Explorers = BTreeMap<usize, Built>;

/// If the program does not compile with the std of the explorer: the compiler's errors.
type Built = std::result::Result<Explorer, String>;

/// Builds the explored programs of the chapters, for the subjects with the smallest sizes.
pub(super) fn explorers(
    player: &Player,
    course: &Course,
    chapters: &[&Chapter],
    subjects: &[Subject],
) -> Result<Explorers> {
    let programs = programs(course, chapters, subjects)?;
    let mut chapters: Vec<&Chapter> = programs.iter().map(|(_, chapter, _)| *chapter).collect();
    chapters.dedup_by_key(|chapter| &chapter.name);
    let harness = schedules::build(player, course, &chapters)?;
    let mut explorers = Explorers::new();
    for (subject, chapter, program) in programs {
        let built = match Explorer::of(&harness, chapter, &program, Memory::Sequential) {
            Ok(explorer) => Ok(explorer),
            Err(Error::NotCompiled(errors)) => Err(errors),
            Err(error) => return Err(error),
        };
        explorers.insert(subject, built);
    }
    Ok(explorers)
}

/// The subjects whose transcript has the sizes with which their scene is explored: the number, the chapter and the
/// program of each.
fn programs<'c>(
    course: &Course,
    chapters: &[&'c Chapter],
    subjects: &[Subject],
) -> Result<Vec<(usize, &'c Chapter, Program)>> {
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
            let program = Program::new(course, &scene, explored, &[])?;
            let proves = |subject: &Subject| match (&subject.claim, &program.transcript) {
                (Claim::Scene(scene), Some(its)) => scene.transcript.name() == its.name(),
                _ => false,
            };
            if let Some(subject) = subjects.iter().position(proves) {
                found.push((subject, *chapter, program));
            }
        }
    }
    Ok(found)
}
