//! Asks about every schedule of a scene's explored `program`, or about one of them step by step. What a schedule comes
//! to, its `outcome`, is judged by the scene's transcript.
//!
//! The explorer is a program that is built from the lesson's own file, with another std in place of std. It is started
//! anew for each question.

pub(crate) mod names;
pub(crate) mod outcome;
mod program;

use std::fmt::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use course::{Chapter, Course, Explored, Harness, Sizes};
use explorer::{Limits, Mode, Report, Request, Schedule};
use nix::sys::signal::Signal;
use orders::Choices;
use serde::de::DeserializeOwned;

pub(crate) use self::program::{Program, no_options, not_explored};

use self::program::explored;
use crate::cli::Memory;
use crate::exit::{Error, Result};
use crate::player::Player;

/// Builds the explored programs of these chapters, in one call of cargo.
pub(crate) fn build(player: &Player, course: &Course, chapters: &[&Chapter]) -> Result<Harness> {
    let chapters = chapters.iter().map(|chapter| Ok((*chapter, explored(chapter)?)));
    let chapters: Vec<(&Chapter, Vec<Explored>)> = chapters.collect::<Result<_>>()?;
    Ok(Harness::build(course, &chapters, &player.watch_build())?)
}

/// Answers questions about a program of which every schedule can be played.
#[derive(Debug)]
pub(crate) struct Explorer {
    path: PathBuf,
    scene: String,
    sizes: Sizes,
    memory: explorer::Memory,
}

impl Explorer {
    /// Builds the explored programs of the chapter, to play this one.
    ///
    /// # Errors
    ///
    /// `NotCompiled`, with the compiler's errors: a file uses a part of std that cannot be explored.
    pub(crate) fn new(
        player: &Player,
        course: &Course,
        chapter: &Chapter,
        program: &Program,
        memory: Memory,
    ) -> Result<Self> {
        Self::of(&build(player, course, &[chapter])?, chapter, program, memory)
    }

    /// The same, of programs that were built together.
    ///
    /// # Errors
    ///
    /// As for `new`.
    pub(crate) fn of(
        harness: &Harness,
        chapter: &Chapter,
        program: &Program,
        memory: Memory,
    ) -> Result<Self> {
        let scene = program.explored.name.clone();
        let path = harness.program(chapter).map_err(|error| match error {
            course::Error::NotCompiled(errors) => Error::NotCompiled(format!(
                "{scene} does not compile with the std of the explorer:\n{errors}"
            )),
            other => other.into(),
        })?;
        let memory = match memory {
            Memory::Sequential => explorer::Memory::Sequential,
            Memory::Weak => explorer::Memory::Weak,
        };
        Ok(Self { path: path.to_owned(), scene, sizes: program.sizes.clone(), memory })
    }

    /// `lock/mutex`: the scene, without its sizes.
    pub(crate) fn scene(&self) -> &str {
        &self.scene
    }

    /// Every outcome, with the number of its schedules.
    ///
    /// # Errors
    ///
    /// The program cannot be played to its end.
    pub(crate) fn explore(&self, limits: Limits) -> Result<Report> {
        self.ask(Mode::Explore(limits))
    }

    /// The same for the schedules that begin with these choices.
    ///
    /// # Errors
    ///
    /// The program has no such choices, or cannot be played to its end.
    pub(crate) fn explore_after(&self, choices: &[usize], limits: Limits) -> Result<Report> {
        self.ask(Mode::ExploreAfter(numbers(choices), limits))
    }

    /// What each thread does in the schedule of these choices, and the next choice, if there is one.
    ///
    /// # Errors
    ///
    /// The program has no such choices.
    pub(crate) fn replay(&self, choices: &Choices) -> Result<Schedule> {
        if choices.numbers() == [0] {
            // A schedule without a choice is written like this, too.
            let only: Schedule = self.ask(Mode::Replay(Vec::new()))?;
            if only.question.is_none() {
                return Ok(only);
            }
        }
        self.replay_after(choices)
    }

    /// The same, where an empty list is no choice at all.
    ///
    /// # Errors
    ///
    /// The program has no such choices.
    pub(crate) fn replay_after(&self, choices: &Choices) -> Result<Schedule> {
        self.ask(Mode::Replay(numbers(choices.numbers())))
    }

    fn ask<A: DeserializeOwned>(&self, mode: Mode) -> Result<A> {
        let wrong = |what: String| Error::Question(format!("{}: {what}", self.scene));
        let (scene, sizes) = (self.scene.clone(), self.sizes.clone());
        let request = serde_json::to_string(&Request { scene, sizes, memory: self.memory, mode })
            .map_err(|error| wrong(error.to_string()))?;
        let output = Command::new(&self.path)
            .arg(request)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| Error::file("start", &self.path, &error))?;
        match output.status.signal().map(Signal::try_from) {
            Some(Ok(Signal::SIGINT)) => return Err(Error::Interrupted),
            Some(Ok(signal)) => return Err(wrong(format!("its program was ended by {signal}"))),
            _ => {}
        }
        if !output.status.success() {
            return Err(wrong(String::from_utf8_lossy(&output.stderr).trim_end().to_owned()));
        }
        serde_json::from_slice(&output.stdout).map_err(|error| wrong(error.to_string()))
    }
}

/// Choices as the explorer has them: the number of a thread, or of a store. One that is too large is none that it
/// knows.
fn numbers(choices: &[usize]) -> Vec<u32> {
    choices.iter().map(|choice| u32::try_from(*choice).unwrap_or(u32::MAX)).collect()
}

/// The command that shows one schedule of a scene.
pub(crate) fn command(
    scene: &str,
    memory: Memory,
    choices: impl IntoIterator<Item = usize>,
    options: &[String],
) -> String {
    let mut command = format!("cargo xtask replay {scene} --explored");
    if memory == Memory::Weak {
        command += " --memory weak";
    }
    _ = write!(command, " {}", choices.into_iter().collect::<Choices>());
    if !options.is_empty() {
        _ = write!(command, " -- {}", options.join(" "));
    }
    command
}
