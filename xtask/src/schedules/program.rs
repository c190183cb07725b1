//! Which program of a scene is explored, and with which sizes; and what a command says of a scene without one.

use course::{Chapter, Course, Explored, Scene, Sizes};
use transcript::Transcript;

use crate::cli::Memory;
use crate::exit::{Error, Result};

/// A scene's explored program, with its sizes.
pub(crate) struct Program {
    pub(crate) explored: Explored,
    pub(crate) sizes: Sizes,
    /// The transcript of the scene with these sizes, if there is one.
    pub(crate) transcript: Option<Transcript>,
}

impl Program {
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

/// The explored programs of the chapter's scenes.
pub(super) fn explored(chapter: &Chapter) -> Result<Vec<Explored>> {
    let mut found = Vec::new();
    for scene in chapter.scenes()? {
        found.extend(Explored::of(chapter, &scene)?);
    }
    Ok(found)
}

/// The error that a scene has no explored program. It names the scenes that have one.
pub(crate) fn not_explored(course: &Course, chapter: &Chapter, scene: &Scene) -> Error {
    let explored = course.chapters.iter().filter_map(|chapter| explored(chapter).ok());
    let names: Vec<String> = explored.flatten().map(|explored| explored.name).collect();
    Error::Question(format!(
        "{}/{} has no explored program; these have one: {}",
        chapter.name,
        scene.name,
        names.join(", ")
    ))
}

/// # Errors
///
/// The command has options or asks for weak memory, which only an explored program takes. The scene has none, or
/// `is_directed` all the same.
pub(crate) fn no_options(
    (name, is_directed): (&str, bool),
    options: &[String],
    memory: Memory,
) -> Result<()> {
    if options.is_empty() && memory != Memory::Weak {
        return Ok(());
    }
    let what = if is_directed { "is directed" } else { "has no explored program" };
    Err(Error::Question(format!("{name} {what}, so it takes no such option")))
}
