//! `play`: the reader decides about the order of a scene, choice by choice.
//!
//! A scene (`position`) consists of real `processes`, whose tasks have `labels`, or of explored `threads`. The
//! `game` shows a `screen`, with the latest `moves`, on a `stage`, takes the next of the `keys`, and gives `hints` on
//! the way to a `goal`.

mod game;
mod goal;
mod hints;
mod keys;
mod labels;
mod moves;
mod position;
mod processes;
mod screen;
mod stage;
mod threads;

use std::fs;
use std::io::{IsTerminal, stdin, stdout};
use std::path::Path;
use std::thread;

use course::{Chapter, Course, Explored, Scene};
use runner::Refusal;

use self::game::Game;
use self::goal::Goal;
use self::keys::Keys;
use self::position::Playable;
use self::processes::Processes;
use self::stage::Stage;
use self::threads::Threads;
use crate::cli::{self, GOALS};
use crate::exit::{Answer, Error, Result};
use crate::player::{Play, Player};
use crate::schedules::{Subject, not_explored};
use crate::terminal::println;

pub(crate) fn play(arguments: &cli::Play) -> Result {
    let course = Course::find()?;
    let (chapter, scene) = course.scene(std::slice::from_ref(&arguments.name))?;
    let player = Player::new()?;
    let explored = Explored::of(chapter, &scene)?;
    if arguments.explored && explored.is_none() {
        return Err(not_explored(&course, chapter, &scene));
    }
    match explored.filter(|_| !arguments.directed) {
        Some(explored) => {
            let subject = Subject::new(&course, &scene, explored, &arguments.options)?;
            let given = (arguments.name.clone(), arguments.memory, arguments.options.clone());
            let mut program = Threads::new(&player, &course, (chapter, subject), given)?;
            begin(arguments, &player, &mut program)
        }
        None => directed(arguments, &player, &course, (chapter, &scene)),
    }
}

/// Plays the scene's real processes and threads.
fn directed(
    arguments: &cli::Play,
    player: &Player,
    course: &Course,
    (chapter, scene): (&Chapter, &Scene),
) -> Result {
    let name = &arguments.name;
    if !arguments.options.is_empty() || arguments.memory == cli::Memory::Weak {
        let what = if arguments.directed { "is directed" } else { "has no explored program" };
        return Err(Error::Question(format!("{name} {what}, so it takes no such option")));
    }
    if let Some(refusal) = Refusal::here() {
        println(format_args!("{name} cannot be directed: {refusal}"))?;
        println(format_args!("`cargo xtask outcomes {name}` shows what free runs print"))?;
        return Ok(Answer::Passed);
    }
    // The scene's own transcript comes first, before those of its variants.
    let [path, ..] = scene.proven()? else {
        return Err(Error::Question(format!("{name} has no transcript")));
    };
    let transcript = course.transcript(path)?;
    let artifacts = player.build(course, &[chapter])?;
    let play = Play::of(&transcript, artifacts.binary(chapter)?, chapter.deadline);
    thread::scope(|scope| {
        let scene = (&play, &transcript);
        let mut program = Processes::new(scope, player, scene, name.clone())?;
        begin(arguments, player, &mut program)
    })
}

/// Hands the program to the reader.
fn begin(arguments: &cli::Play, player: &Player, program: &mut dyn Playable) -> Result {
    let goal = arguments.goal.as_ref().map(|text| {
        Goal::parse(text, program.transcript()).map_err(|why| {
            Error::Question(format!(
                "`--goal \"{text}\"`: {why}. A goal has one of these forms:\n{GOALS}"
            ))
        })
    });
    let goal = goal.transpose()?;
    let (keys, stage) = match &arguments.script {
        Some(script) => (Keys::script(&text(script)?), Stage::Plain),
        None if stdin().is_terminal() && stdout().is_terminal() => {
            (Keys::single(), Stage::terminal()?)
        }
        None => (Keys::lines(), Stage::Plain),
    };
    Game { player, program, goal, keys, stage }.play()
}

/// The keys of a script: the content of the file with this name, or else the words themselves.
fn text(script: &str) -> Result<String> {
    let path = Path::new(script);
    if !path.is_file() {
        return Ok(script.to_owned());
    }
    fs::read_to_string(path).map_err(|error| Error::file("read", path, &error))
}
