//! `play`: the reader decides about the order of a scene, choice by choice.
//!
//! A scene (`position`) consists of real `processes`, which a `live` run plays and whose `tasks` have `numbers`, or of
//! explored `threads`. The `game` shows each `turn` as a `screen` on a `stage`, and takes the next `key` of the `keys`.
//! It `answers` with `hints` on the way to a `goal`. The `rows` of a screen, with the latest `moves`, are made to
//! `fit`. Keys come from standard `input`, `typed` on a terminal or in lines. What has `happened` and the `lines` so
//! far fill the screen; `arrows` and `forbidden` know the transcript. What the reader may get `wrong` on the command
//! line is explained.

mod answers;
mod arrows;
mod fit;
mod forbidden;
mod game;
mod goal;
mod happened;
mod hints;
mod input;
mod key;
mod keys;
mod lines;
mod live;
mod moves;
mod numbers;
mod position;
mod processes;
mod rows;
mod screen;
mod stage;
mod tasks;
mod threads;
mod turn;
mod typed;
mod wrong;

use std::fs;
use std::path::Path;
use std::thread;

use course::{Chapter, Course, Explored, Scene};
use transcript::Transcript;

use self::game::Game;
use self::goal::Goal;
use self::keys::Keys;
use self::position::Playable;
use self::processes::Processes;
use self::stage::Stage;
use self::threads::Threads;
use self::wrong::{no_goal, no_name, playable};
use crate::cli;
use crate::exit::{Answer, Error, Result};
use crate::player::{self, Play, Player};
use crate::schedules::{Program, no_options, not_explored};
use crate::terminal::println;

pub(crate) fn play(arguments: &cli::Play) -> Result {
    let course = Course::find()?;
    let name = arguments.name.as_ref().ok_or_else(|| no_name(&course))?;
    let (chapter, scene) = course.scene(std::slice::from_ref(name))?;
    let keys = arguments.script.as_ref().map(|script| script_keys(script)).transpose()?;
    let explored = Explored::of(chapter, &scene)?;
    if arguments.explored && explored.is_none() {
        return Err(not_explored(&course, chapter, &scene));
    }
    let player = Player::new()?;
    let reader = Reader { arguments, name, player: &player, keys };
    match explored.filter(|_| !arguments.directed) {
        Some(explored) => {
            let program = Program::new(&course, &scene, explored, &arguments.options)?;
            let goal = reader.goal(program.transcript.as_ref())?;
            let given = (name.clone(), arguments.memory, arguments.options.clone());
            let mut threads = Threads::new(&player, &course, (chapter, program), given)?;
            reader.begin(&mut threads, goal)
        }
        None => reader.direct(&course, chapter, &scene),
    }
}

/// What the reader wants.
struct Reader<'a> {
    arguments: &'a cli::Play,
    name: &'a str,
    player: &'a Player,
    /// The keys of a script.
    keys: Option<Keys>,
}

impl Reader<'_> {
    /// Plays the scene's real processes and threads.
    fn direct(self, course: &Course, chapter: &Chapter, scene: &Scene) -> Result {
        let Self { arguments, name, player, .. } = self;
        no_options((name, arguments.directed), &arguments.options, arguments.memory)?;
        let path = scene.first_transcript()?;
        if let Some(why) = player::undirected(name, chapter, path) {
            println(why)?;
            if let Some(others) = playable(chapter)? {
                println(others)?;
            }
            return Ok(Answer::Passed);
        }
        let transcript = course.transcript(path)?;
        let goal = self.goal(Some(&transcript))?;
        let artifacts = player.build(course, &[chapter])?;
        let play = Play::of(&transcript, artifacts.binary(chapter)?, chapter.deadline);
        thread::scope(|scope| {
            let scene = (&play, &transcript);
            let mut program = Processes::new(scope, player, scene, (name, arguments.directed))?;
            self.begin(&mut program, goal)
        })
    }

    fn goal(&self, transcript: Option<&Transcript>) -> Result<Option<Goal>> {
        let goal = self.arguments.goal.as_ref();
        goal.map(|text| Goal::parse(text, transcript).map_err(|why| no_goal(text, &why)))
            .transpose()
    }

    /// Hands the program to the reader.
    fn begin(self, program: &mut dyn Playable, goal: Option<Goal>) -> Result {
        let (keys, stage) = match self.keys {
            Some(keys) => (keys, Stage::Plain { shows_keys: false }),
            None => match Stage::new()? {
                stage @ Stage::Plain { .. } => (Keys::lines(), stage),
                stage @ Stage::Terminal(_) => (Keys::single(), stage),
            },
        };
        Game { player: self.player, program, goal, keys, stage }.play()
    }
}

/// The keys of a script: the content of the file with this name, or else the words themselves.
fn script_keys(script: &str) -> Result<Keys> {
    let path = Path::new(script);
    let (name, text) = if path.is_file() {
        let text = fs::read_to_string(path).map_err(|error| Error::file("read", path, &error))?;
        (script, text)
    } else {
        ("--script", script.to_owned())
    };
    Keys::script(&text).map_err(|why| Error::Question(format!("`{name}`: {why}")))
}
