//! What is wrong with a command line, and what the reader can type instead.

use std::fs;

use course::{Chapter, Course, Explored};

use crate::cli::GOALS;
use crate::drawing::width;
use crate::exit::{Error, Result};
use crate::player::undirected;
use crate::terminal::wrapped;

/// The error that no scene was named. It lists the goals that the chapters' texts set.
pub(super) fn no_name(course: &Course) -> Error {
    let mut text =
        "which scene? Write `cargo xtask play CHAPTER/SCENE`, as `cargo xtask list` prints it"
            .to_owned();
    let texts =
        course.chapters.iter().filter_map(|chapter| fs::read_to_string(chapter.readme()).ok());
    let commands: Vec<String> = texts.flat_map(|text| commands(&text)).collect();
    if !commands.is_empty() {
        text += ". The chapters set these goals:";
        commands.iter().for_each(|command| text += &format!("\n  {command}"));
    }
    Error::Question(text)
}

/// The commands of a text that play a scene.
fn commands(text: &str) -> Vec<String> {
    let calls = text.match_indices("cargo xtask play ");
    calls.filter_map(|(at, _)| text[at..].split(['`', '\n']).next()).map(str::to_owned).collect()
}

/// The error that a goal has none of the forms, or cannot be one of this scene.
pub(super) fn no_goal(text: &str, why: &str) -> Error {
    Error::Question(format!("`--goal \"{text}\"`: {why}. A goal has one of these forms:\n{GOALS}"))
}

/// The scenes of the chapter that can be played, in a sentence. None if there are none.
pub(super) fn playable(chapter: &Chapter) -> Result<Option<String>> {
    let mut names = Vec::new();
    for scene in chapter.scenes()? {
        let name = format!("{}/{}", chapter.name, scene.name);
        let path = scene.transcripts.first();
        let is_directed = path.is_some_and(|path| undirected(&name, chapter, path).is_none());
        if is_directed || Explored::of(chapter, &scene)?.is_some() {
            names.push(name);
        }
    }
    let text = format!("you can play {}", names.join(", "));
    Ok((!names.is_empty()).then(|| wrapped(&text, width())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_found_in_blocks_and_in_sentences() {
        let text = "```sh\ncargo xtask play a/b --goal \"x -> y\"\n```\n\
                    Type `cargo xtask play a/c`, or `cargo xtask list`.";
        assert_eq!(
            commands(text),
            ["cargo xtask play a/b --goal \"x -> y\"", "cargo xtask play a/c"]
        );
    }
}
