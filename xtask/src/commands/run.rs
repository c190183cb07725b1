//! `run`: builds a chapter, and plays it on this terminal.

use std::slice;

use course::{Course, Selected, cargo};

use crate::cli;
use crate::exit::{Answer, Error, Result};

pub(crate) fn run(arguments: &cli::Run) -> Result {
    let course = Course::find()?;
    // The word after the name is a scene, unless it is an option for the lesson.
    let words: Vec<String> =
        [&arguments.name].into_iter().chain(&arguments.rest).cloned().collect();
    let named = 1 + usize::from(arguments.rest.first().is_some_and(|word| !word.starts_with('-')));
    let (names, options) = words.split_at(named);
    let options = options.strip_prefix(&["--".to_owned()]).unwrap_or(options);
    let mut command = cargo(&course, "run");
    match course.scene(names) {
        Ok((chapter, scene)) => {
            command.args(["--quiet", "--package", &chapter.package, "--", &scene.name]);
        }
        Err(error) => match &course.select(slice::from_ref(&names[0]))?[..] {
            [Selected { chapter, scenes, .. }] if named == 1 && !scenes.is_empty() => {
                command.args(["--quiet", "--package", &chapter.package, "--"]);
            }
            _ => return Err(error.into()),
        },
    }
    let status = command.args(options).status();
    match &status {
        // Cargo's own failures have other codes: this code comes from the lesson.
        Ok(status) if status.code() == Some(2) => Err(Error::AlreadyReported),
        _ => Answer::from_call(status),
    }
}
