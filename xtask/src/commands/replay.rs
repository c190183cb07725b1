//! `replay`: a scene in the order of an earlier run, step by step.

mod schedule;

use course::{Chapter, Course, Explored, Scene};
use runner::{Choice, Direction, View};

use self::schedule::Replayed;
use crate::cli;
use crate::exit::{Answer, Error, Result};
use crate::player::{self, Play, Player};
use crate::schedules::{Explorer, Program, no_options, not_explored};
use crate::steps;
use crate::terminal::{print, println};

/// What is said of a scene with an explored program: which kind of run this is, and how to get the other one.
const DIRECTED: &str = "a run of its real processes and threads; `--explored` shows a schedule of its explored program";
const EXPLORED: &str = "a schedule of its explored program; `--directed` shows a run of its real processes and threads";

pub(crate) fn replay(arguments: &cli::Replay) -> Result {
    let course = Course::find()?;
    let (chapter, scene) = course.scene(std::slice::from_ref(&arguments.name))?;
    let player = Player::new()?;
    let explored = Explored::of(chapter, &scene)?;
    let has_program = explored.is_some();
    let cli::Replay { directed, returns, early_timeouts, .. } = *arguments;
    match explored.filter(|_| !(directed || returns || early_timeouts)) {
        Some(explored) => {
            let program = Program::new(&course, &scene, explored, &arguments.options)?;
            replay_schedule(arguments, &player, &course, (chapter, &program))
        }
        None if arguments.explored => Err(not_explored(&course, chapter, &scene)),
        None => replay_run(arguments, &player, &course, (chapter, &scene, has_program)),
    }
}

/// Replays a schedule of the scene's explored program.
fn replay_schedule(
    arguments: &cli::Replay,
    player: &Player,
    course: &Course,
    (chapter, program): (&Chapter, &Program),
) -> Result {
    let explorer = Explorer::new(player, course, chapter, program, arguments.memory)?;
    let replayed =
        Replayed::new(&explorer, &arguments.choices).map_err(|error| match error {
            Error::Question(why) if !arguments.explored => Error::Question(format!(
                "{why}; if these are the choices of a run of real processes and threads, add `--directed`"
            )),
            error => error,
        })?;
    let name = program.name(arguments.memory);
    let file = program.explored.file.strip_prefix(&course.root).unwrap_or(&program.explored.file);
    print(replayed.draw(
        (&name, &file.display().to_string()),
        EXPLORED,
        program.transcript.as_ref(),
    ))?;
    let fault = replayed.fault(program.transcript.as_ref());
    Ok(Answer::from_failures(usize::from(fault.is_some())))
}

/// Replays a run of the scene's processes and threads.
fn replay_run(
    arguments: &cli::Replay,
    player: &Player,
    course: &Course,
    (chapter, scene, has_program): (&Chapter, &Scene, bool),
) -> Result {
    let name = &arguments.name;
    no_options((name, has_program), &arguments.options, arguments.memory)?;
    let path = scene.first_transcript()?;
    if let Some(why) = player::undirected(name, chapter, path) {
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
    let kind = has_program.then_some(DIRECTED);
    steps::replay((name, kind), &transcript, &arguments.choices, direct)
}
