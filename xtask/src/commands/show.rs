//! `show`: explains what a transcript means, and what the compiler says about a refused snippet.

use std::path::Path;

use course::files::read;
use course::{Course, Refused, Selected};
use transcript::Transcript;

use crate::cli;
use crate::drawing::{coloured, width};
use crate::exit::{Answer, Error, Result};
use crate::player::Player;
use crate::terminal::{STRONG, paint, print, println};

pub(crate) fn show(arguments: &cli::Show) -> Result {
    if let [name] = &arguments.names[..]
        && is_outside(name)
    {
        let path = Path::new(name);
        let text = read(path)?;
        let transcript =
            Transcript::parse(name, &text).map_err(|error| Error::Question(error.to_string()))?;
        explain(&transcript)?;
        return Ok(Answer::Passed);
    }
    let course = Course::find()?;
    for selected in course.select(&arguments.names)? {
        for scene in &selected.scenes {
            for path in scene.proven()? {
                explain(&course.transcript(path)?)?;
            }
        }
        if !selected.refused.is_empty() {
            snippets(&course, &selected)?;
        }
    }
    Ok(Answer::Passed)
}

/// Whether the name means a transcript outside the course: it is a file, or ends in `.txt`, unlike any scene.
fn is_outside(name: &str) -> bool {
    let path = Path::new(name);
    let is_file = path.is_file() || path.extension().is_some_and(|extension| extension == "txt");
    is_file && !Course::find().is_ok_and(|course| course.own_path(path).is_some())
}

/// Prints each snippet, and the compiler's messages about it.
fn snippets(course: &Course, selected: &Selected<'_>) -> Result<()> {
    let Selected { chapter, refused, .. } = selected;
    let player = Player::new()?;
    let artifacts = player.build(course, &[chapter])?;
    for snippet in Refused::of(course, chapter, refused, &artifacts)? {
        let path = snippet.path();
        let source = read(&course.root.join(path))?;
        let words = snippet.messages().map_err(Error::Question)?;
        print(format_args!(
            "{}\n\n{}\n\n{}\n{}\n",
            paint(STRONG, path.display()),
            source.trim_end(),
            paint(STRONG, "The compiler"),
            words.trim_end()
        ))?;
    }
    Ok(())
}

fn explain(transcript: &Transcript) -> Result<()> {
    println(coloured(&transcript.outline(width())))
}
