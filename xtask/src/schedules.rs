//! Asks the explorer about a scene: every schedule of its program, or one of them step by step.
//!
//! The program that answers is built from the lesson's own file, with another std in the place of std, and is started
//! anew for each question.

use std::fmt::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use course::{Chapter, Course, Explored, Scene, Sizes, harness};
use explorer::{Ending, Limits, Outcome, Report, Request, Schedule, Task};
use nix::sys::signal::Signal;
use orders::Choices;
use serde::de::DeserializeOwned;
use transcript::{Timing, Transcript, Verdict};

use crate::cli::Memory;
use crate::exit::{Error, Result};
use crate::player::Player;

/// The exit status of a program that returns an error, and of one whose main thread panics.
const FAILED: i32 = 1;
const PANICKED: i32 = 101;

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
        let name = explored.sizes.iter().fold(explored.name.clone(), |name, size| {
            format!("{name} --{} {}", size.replace('_', "-"), sizes.get(size).copied().unwrap_or(0))
        });
        match memory {
            Memory::Sequential => name,
            Memory::Weak => name + ", with weak memory",
        }
    }
}

/// Answers questions about a program of which every schedule can be played.
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
        let scenes = programs(chapter)?;
        let program = harness(course, chapter, &scenes, &player.watch_build());
        let program = program.map_err(|error| match error {
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
        Ok(Self { program, scene, sizes, memory })
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
            // A schedule without a choice is written like this, too.
            let only: Schedule = self.ask(Task::Replay(Vec::new()))?;
            if only.question.is_none() {
                return Ok(only);
            }
        }
        let number = |choice: &usize| u32::try_from(*choice).unwrap_or(u32::MAX);
        self.ask(Task::Replay(choices.numbers().iter().map(number).collect()))
    }

    fn ask<A: DeserializeOwned>(&self, task: Task) -> Result<A> {
        let wrong = |what: String| Error::Question(format!("{}: {what}", self.scene));
        let (scene, sizes) = (self.scene.clone(), self.sizes.clone());
        let request = serde_json::to_string(&Request { scene, sizes, memory: self.memory, task })
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

/// The shape of a legal outcome, or what is wrong with it.
pub(crate) fn judge(
    transcript: &Transcript,
    outcome: &Outcome,
) -> std::result::Result<Vec<String>, String> {
    let exits = match &outcome.ending {
        Ending::Returned => 0,
        Ending::Failed(_) => FAILED,
        Ending::Panicked(_) => PANICKED,
        Ending::Deadlock(_) if is_watched(transcript) => 0,
        Ending::Deadlock(_) | Ending::Endless => return Err("it never ends".to_owned()),
    };
    if exits != transcript.exits() {
        let expected = transcript.exits();
        return Err(format!("it ends with the exit status {exits}, and not with {expected}"));
    }
    match transcript.judge(&played(transcript, outcome), Timing::Waived) {
        Verdict::Accepted(accepted) => Ok(accepted.shape),
        Verdict::Rejected(rejected) => Err(rejected.to_string()),
        Verdict::Undecided(why) => Err(why.to_string()),
    }
}

/// Whether a watchdog ends the scene when its threads are deadlocked.
fn is_watched(transcript: &Transcript) -> bool {
    transcript.lanes().iter().any(|lane| lane == "watchdog")
}

/// What the scene prints: after a deadlock its watchdog names the threads, sorted by name. Main is the one that works
/// for the watchdog.
fn played(transcript: &Transcript, outcome: &Outcome) -> String {
    let mut output = outcome.output.clone();
    if let Ending::Deadlock(blocked) = &outcome.ending
        && is_watched(transcript)
    {
        let name =
            |thread: &str| if thread == "main" { "work".to_owned() } else { thread.to_owned() };
        let mut names: Vec<String> = blocked.iter().map(|blocked| name(&blocked.thread)).collect();
        names.sort();
        output += "watchdog: no thread can go on\n";
        for name in names {
            _ = writeln!(output, "watchdog: {name} waits for a futex");
        }
    }
    output
}
