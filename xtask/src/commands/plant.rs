//! `break`: show the flaws of a scene, or plant one in its source.

use course::files::{read, write};
use course::{Chapter, Course, Flaw, Scene};

use crate::cli;
use crate::exit::{Answer, Error, Result};
use crate::terminal::{FAINT, GOOD, STRONG, paint, println};

pub(crate) fn plant(arguments: &cli::Break) -> Result {
    let course = Course::find()?;
    // `fork/who-am-i late-wait`, or `fork who-am-i late-wait`.
    let (names, wanted) = match &arguments.names[..] {
        [name, flaw] if course.scene(std::slice::from_ref(name)).is_ok() => {
            (std::slice::from_ref(name), Some(flaw))
        }
        [_, _, flaw] => (&arguments.names[..2], Some(flaw)),
        names => (names, None),
    };
    let (chapter, scene) = course.scene(names)?;
    let flaws = chapter.flaws_of(&scene)?;
    let Some(wanted) = wanted else {
        return show(chapter, &scene, &flaws);
    };
    let flaw = chapter.flaw(&scene, wanted)?;
    for other in &flaws {
        if other.restore(&chapter.folder).is_ok() {
            let name = format!("{}/{}", chapter.name, scene.name);
            return Err(Error::Question(format!(
                "the flaw {} is already in the source: `cargo xtask restore {name}` takes it back",
                other.name
            )));
        }
    }
    let changes = flaw.plant(&chapter.folder).map_err(|error| {
        Error::Question(format!(
            "{} {error}, or take your changes back with `git restore lessons`",
            course.display(&flaw.path)
        ))
    })?;
    for (file, text) in changes {
        write(&chapter.folder.join(&file), text)?;
        let file = chapter.folder.join(&file);
        println(format_args!(
            "{} {} in {}",
            paint(GOOD, "planted"),
            flaw.name,
            course.display(&file)
        ))?;
    }
    advise(chapter, &scene)?;
    Ok(Answer::Passed)
}

/// Prints each flaw with its change.
fn show(chapter: &Chapter, scene: &Scene, flaws: &[Flaw]) -> Result {
    let name = format!("{}/{}", chapter.name, scene.name);
    if flaws.is_empty() {
        return Err(Error::Question(format!(
            "{name} has no planted flaw: lessons/{}/broken holds none",
            chapter.name
        )));
    }
    for flaw in flaws {
        println(paint(STRONG, format_args!("cargo xtask break {name} {}", flaw.name)))?;
        println(read(&flaw.path)?.trim_end())?;
        println("")?;
    }
    Ok(Answer::Passed)
}

fn advise(chapter: &Chapter, scene: &Scene) -> Result<()> {
    let name = format!("{}/{}", chapter.name, scene.name);
    for (what, command) in [
        ("play it:     ", format!("cargo run -p {} -- {}", chapter.package, scene.name)),
        ("check it:    ", format!("cargo xtask check {name}")),
        ("take it back:", format!("cargo xtask restore {name}")),
    ] {
        println(format_args!("    {} {command}", paint(FAINT, what)))?;
    }
    Ok(())
}
