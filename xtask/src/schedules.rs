//! Asks the explorer about a scene: every schedule of its program, or one of them step by step.
//!
//! The program that answers is built from the lesson's own file, with another std in the place of std, and is started
//! anew for each question.

use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use course::{Chapter, Course, Explored, Scene, Sizes, harness};
use explorer::{Limits, Report, Request, Schedule, Task};
use nix::sys::signal::Signal;
use orders::Choices;
use serde::de::DeserializeOwned;
use transcript::Transcript;

use crate::cli::Memory;
use crate::exit::{Error, Result};
use crate::player::Player;

/// An explored program with its sizes, of which every schedule can be played.
pub(crate) struct Explorer {
    /// The scene with its sizes, for a heading.
    pub(crate) name: String,
    /// The transcript with these sizes, if there is one.
    pub(crate) transcript: Option<Transcript>,
    program: PathBuf,
    request: Request,
}

impl Explorer {
    /// Builds the explored programs of the chapter, to play this scene's one with the sizes of the options, or of the
    /// scene's smallest transcript.
    ///
    /// # Errors
    ///
    /// `NotCompiled`, with the compiler's errors: a file uses a part of std that cannot be explored.
    pub(crate) fn new(
        player: &Player,
        course: &Course,
        (chapter, scene, explored): (&Chapter, &Scene, &Explored),
        options: &[String],
        memory: Memory,
    ) -> Result<Self> {
        let transcripts = scene.transcripts.iter().map(|path| course.transcript(path));
        let mut transcripts: Vec<Transcript> = transcripts.collect::<course::Result<_>>()?;
        let sizes_of = |command: &[String]| explored.sizes(&scene.options, command);
        let (sizes, transcript) = if options.is_empty() {
            smallest(&transcripts, sizes_of)?
        } else {
            let sizes = sizes_of(options)?;
            let has_sizes =
                |it: &Transcript| sizes_of(it.command()).is_ok_and(|other| other == sizes);
            (sizes.clone(), transcripts.iter().position(has_sizes))
        };
        let mut name = named(&explored.name, &explored.sizes, &sizes);
        let memory = match memory {
            Memory::Sequential => explorer::Memory::Sequential,
            Memory::Weak => explorer::Memory::Weak,
        };
        if memory == explorer::Memory::Weak {
            name += ", with weak memory";
        }
        let program = harness(course, chapter, &programs(chapter)?, &player.watch_build());
        let program = program.map_err(|error| match error {
            course::Error::NotCompiled(errors) => Error::NotCompiled(format!(
                "{} does not compile with the std of the explorer:\n{errors}",
                explored.name
            )),
            other => other.into(),
        })?;
        let scene = explored.name.clone();
        // Each question has a task of its own.
        let task = Task::Replay(Vec::new());
        let transcript = transcript.map(|index| transcripts.swap_remove(index));
        Ok(Self { name, transcript, program, request: Request { scene, sizes, memory, task } })
    }

    /// Every outcome, with the number of its schedules.
    ///
    /// # Errors
    ///
    /// The program cannot be played to its end.
    pub(crate) fn explore(&self, limits: Limits) -> Result<Report> {
        self.ask(Task::Explore(limits))
    }

    /// What each thread does in the schedule of these choices, and the next choice, if there is one.
    ///
    /// # Errors
    ///
    /// The program has no such choices.
    pub(crate) fn replay(&self, choices: &Choices) -> Result<Schedule> {
        if choices.numbers() == [0] {
            // That is how a schedule without a choice is written, too.
            let only: Schedule = self.ask(Task::Replay(Vec::new()))?;
            if only.question.is_none() {
                return Ok(only);
            }
        }
        let number = |choice: &usize| u32::try_from(*choice).unwrap_or(u32::MAX);
        self.ask(Task::Replay(choices.numbers().iter().map(number).collect()))
    }

    fn ask<A: DeserializeOwned>(&self, task: Task) -> Result<A> {
        let wrong = |what: String| Error::Question(format!("{}: {what}", self.request.scene));
        let request = serde_json::to_string(&Request { task, ..self.request.clone() })
            .map_err(|error| wrong(error.to_string()))?;
        let output = Command::new(&self.program)
            .arg(request)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| Error::file("start", &self.program, &error))?;
        if output.status.signal() == Some(Signal::SIGINT as i32) {
            return Err(Error::Interrupted);
        }
        if !output.status.success() {
            return Err(wrong(String::from_utf8_lossy(&output.stderr).trim_end().to_owned()));
        }
        serde_json::from_slice(&output.stdout).map_err(|error| wrong(error.to_string()))
    }
}

/// The explored programs of the chapter's scenes.
fn programs(chapter: &Chapter) -> Result<Vec<Explored>> {
    let mut programs = Vec::new();
    for scene in chapter.scenes()? {
        programs.extend(Explored::of(chapter, &scene)?);
    }
    Ok(programs)
}

/// The explored program of a scene, which must have one. The error names the scenes that do.
pub(crate) fn program(course: &Course, chapter: &Chapter, scene: &Scene) -> Result<Explored> {
    if let Some(explored) = Explored::of(chapter, scene)? {
        return Ok(explored);
    }
    let mut names = Vec::new();
    for chapter in &course.chapters {
        names.extend(programs(chapter)?.into_iter().map(|explored| explored.name));
    }
    let names = names.join(", ");
    Err(Error::Question(format!(
        "{}/{} has no explored program; these have one: {names}",
        chapter.name, scene.name
    )))
}

/// The transcript with the smallest sizes, and these; the scene's defaults if there is no transcript.
fn smallest(
    transcripts: &[Transcript],
    sizes_of: impl Fn(&[String]) -> course::Result<Sizes>,
) -> Result<(Sizes, Option<usize>)> {
    let mut smallest: Option<(Sizes, usize)> = None;
    let product = |sizes: &Sizes| sizes.values().map(|size| i128::from(*size)).product::<i128>();
    for (index, transcript) in transcripts.iter().enumerate() {
        let sizes = sizes_of(transcript.command())?;
        if smallest.as_ref().is_none_or(|(others, _)| product(&sizes) < product(others)) {
            smallest = Some((sizes, index));
        }
    }
    match smallest {
        Some((sizes, index)) => Ok((sizes, Some(index))),
        None => Ok((sizes_of(&[])?, None)),
    }
}

/// The scene with its sizes: `lock/mutex --rounds 1`.
fn named(scene: &str, order: &[String], sizes: &Sizes) -> String {
    order.iter().fold(scene.to_owned(), |name, size| {
        format!("{name} --{} {}", size.replace('_', "-"), sizes.get(size).copied().unwrap_or(0))
    })
}
