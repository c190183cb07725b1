//! `replay`: a scene in the order of an earlier run, step by step.

mod schedule;

use course::{Chapter, Course, Explored, Scene};
use runner::{Choice, Direction, View};

use crate::cli;
use crate::exit::{Answer, Result};
use crate::player::{self, Play, Player};
use crate::schedules::{self, Explorer, Program};
use crate::steps;
use crate::terminal::{print, println};

pub(crate) fn replay(arguments: &cli::Replay) -> Result {
    let course = Course::find()?;
    let (chapter, scene) = course.scene(std::slice::from_ref(&arguments.name))?;
    let player = Player::new()?;
    if arguments.explored {
        let explored = Explored::of(chapter, &scene)?
            .ok_or_else(|| schedules::not_explored(&course, chapter, &scene))?;
        let program = Program::new(&course, &scene, explored, &arguments.options)?;
        let explorer = Explorer::new(&player, &course, chapter, &program, arguments.memory)?;
        let schedule = explorer.replay(&arguments.choices)?;
        print(schedule::draw(&program.name(arguments.memory), &schedule))?;
        return Ok(Answer::Passed);
    }
    replay_run(arguments, &player, &course, (chapter, &scene))
}

/// Replays a run of the scene's processes.
fn replay_run(
    arguments: &cli::Replay,
    player: &Player,
    course: &Course,
    (chapter, scene): (&Chapter, &Scene),
) -> Result {
    let path = scene.first_transcript()?;
    if let Some(why) = player::undirected(&arguments.name, chapter, path) {
        println(why)?;
        return Ok(Answer::Passed);
    }
    let transcript = course.transcript(path)?;
    let artifacts = player.build(course, &[chapter])?;
    let play = Play::of(&transcript, artifacts.binary(chapter)?, chapter.deadline);

    let cli::Replay { returns, early_timeouts, .. } = *arguments;
    let direction = Direction { returns, early_timeouts, ..Direction::default() };
    let direct =
        |choose: &mut dyn FnMut(&View<'_>) -> Choice| player.direct_with(&play, &direction, choose);
    steps::replay(&arguments.name, &transcript, &arguments.choices, direct)
}
