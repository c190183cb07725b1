//! Asks the explorer about a scene: every schedule of its program, or one of them step by step.
//!
//! The program that answers is built from the lesson's own file, with another std in place of std, and is started
//! anew for each question.

pub(crate) mod names;
pub(crate) mod outcome;

use std::fmt::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use course::{Chapter, Course, Explored, Harness, Scene, Sizes};
use explorer::{Limits, Mode, Report, Request, Schedule};
use nix::sys::signal::Signal;
use orders::Choices;
use serde::de::DeserializeOwned;
use transcript::Transcript;

use crate::cli::Memory;
use crate::exit::{Error, Result};
use crate::player::Player;

/// A program of which every schedule can be played, with its sizes.
pub(crate) struct Subject {
    pub(crate) explored: Explored,
    pub(crate) sizes: Sizes,
    /// The transcript of the scene with these sizes, if there is one.
    pub(crate) transcript: Option<Transcript>,
}

impl Subject {
    /// The program with the sizes in `options`, such as `--rounds 2`. Without options, with the smallest sizes that a
    /// transcript of the scene has.
    ///
    /// # Errors
    ///
    /// The options are no sizes of this program, or a transcript cannot be read.
    pub(crate) fn new(
        course: &Course,
        scene: &Scene,
        explored: Explored,
        options: &[String],
    ) -> Result<Self> {
        explored.check(options)?;
        let mut known = Vec::new();
        for path in &scene.transcripts {
            let transcript = course.transcript(path)?;
            known.push((explored.sizes(&scene.options, transcript.command())?, Some(transcript)));
        }
        if !options.is_empty() {
            let sizes = explored.sizes(&scene.options, options)?;
            known.retain(|(others, _)| *others == sizes);
            known.push((sizes, None));
        } else if known.is_empty() {
            known.push((explored.sizes(&scene.options, &[])?, None));
        }
        let work = |(sizes, _): &(Sizes, Option<Transcript>)| {
            sizes.values().fold(1_i64, |work, size| work.saturating_mul(*size))
        };
        // The first of the smallest ones. There is at least one.
        let first =
            known.iter().enumerate().min_by_key(|(_, one)| work(one)).map_or(0, |(at, _)| at);
        let (sizes, transcript) = known.swap_remove(first);
        Ok(Self { explored, sizes, transcript })
    }

    /// The scene with its sizes, for a heading: `lock/mutex --rounds 1`.
    pub(crate) fn name(&self, memory: Memory) -> String {
        let Self { explored, sizes, .. } = self;
        let name = [vec![explored.name.clone()], explored.options(sizes)].concat().join(" ");
        match memory {
            Memory::Sequential => name,
            Memory::Weak => name + ", with weak memory",
        }
    }
}

/// The explored programs of some chapters.
pub(crate) struct Programs(Harness);

impl Programs {
    /// Builds them, in one call of cargo.
    pub(crate) fn build(player: &Player, course: &Course, chapters: &[&Chapter]) -> Result<Self> {
        let chapters = chapters.iter().map(|chapter| Ok((*chapter, programs(chapter)?)));
        let chapters: Vec<(&Chapter, Vec<Explored>)> = chapters.collect::<Result<_>>()?;
        Ok(Self(Harness::build(course, &chapters, &player.watch_build())?))
    }

    /// The one that answers questions about this program of the chapter.
    ///
    /// # Errors
    ///
    /// `NotCompiled`, with the compiler's errors: a file uses a part of std that cannot be explored.
    pub(crate) fn explorer(
        &self,
        chapter: &Chapter,
        subject: &Subject,
        memory: Memory,
    ) -> Result<Explorer> {
        let program = self.0.program(chapter).map_err(|error| match error {
            course::Error::NotCompiled(errors) => Error::NotCompiled(format!(
                "{} does not compile with the std of the explorer:\n{errors}",
                subject.explored.name
            )),
            other => other.into(),
        })?;
        let (scene, sizes) = (subject.explored.name.clone(), subject.sizes.clone());
        let memory = match memory {
            Memory::Sequential => explorer::Memory::Sequential,
            Memory::Weak => explorer::Memory::Weak,
        };
        Ok(Explorer { program: program.to_owned(), scene, sizes, memory })
    }
}

/// Answers questions about a program of which every schedule can be played.
#[derive(Debug)]
pub(crate) struct Explorer {
    program: PathBuf,
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
        subject: &Subject,
        memory: Memory,
    ) -> Result<Self> {
        Programs::build(player, course, &[chapter])?.explorer(chapter, subject, memory)
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
        let output = Command::new(&self.program)
            .arg(request)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| Error::file("start", &self.program, &error))?;
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

/// Choices as the explorer has them, where each is the number of a thread.
fn numbers(choices: &[usize]) -> Vec<u32> {
    choices.iter().map(|choice| u32::try_from(*choice).unwrap_or(u32::MAX)).collect()
}

/// The command that shows one schedule of a scene.
pub(crate) fn replay(
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

/// The explored programs of the chapter's scenes.
fn programs(chapter: &Chapter) -> Result<Vec<Explored>> {
    let mut programs = Vec::new();
    for scene in chapter.scenes()? {
        programs.extend(Explored::of(chapter, &scene)?);
    }
    Ok(programs)
}

/// The error that a scene has no explored program. It names the scenes that have one.
pub(crate) fn not_explored(course: &Course, chapter: &Chapter, scene: &Scene) -> Error {
    let programs = course.chapters.iter().filter_map(|chapter| programs(chapter).ok());
    let names: Vec<String> = programs.flatten().map(|explored| explored.name).collect();
    Error::Question(format!(
        "{}/{} has no explored program; these have one: {}",
        chapter.name,
        scene.name,
        names.join(", ")
    ))
}
