//! How the desk's commands play a scene: as its transcript says, at the speed of a check.

use std::path::Path;

use transcript::Transcript;

use crate::answer::{Error, Result};
use crate::runner::{Report, Run, Runner};
use crate::workspace::Chapter;

/// How much faster than life lesson time runs.
const SPEED: u32 = 20;

/// Plays the command of `transcript` once, with `binary` in the place of its first word.
pub(crate) fn play(
    runner: &Runner,
    chapter: &Chapter,
    binary: &Path,
    transcript: &Transcript,
) -> Result<Report> {
    play_words(runner, chapter, binary, transcript.command())
}

/// The same for a command that stands in no transcript yet.
pub(crate) fn play_words(
    runner: &Runner,
    chapter: &Chapter,
    binary: &Path,
    words: &[String],
) -> Result<Report> {
    let binary = binary.to_str().ok_or_else(|| {
        Error::Question(format!(
            "{}: the path is no text: move the course elsewhere",
            binary.display()
        ))
    })?;
    let arguments = words.iter().skip(1).cloned();
    let speed = ["--speed".to_owned(), SPEED.to_string()];
    let command = [binary.to_owned()].into_iter().chain(arguments).chain(speed).collect();
    runner.run(&Run { command, deadline: chapter.deadline, speed: SPEED, shake: None })
}
