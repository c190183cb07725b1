//! `orders`: every order in which a scene's program can run, and what it then prints.

mod legal;
mod steps;
mod table;

use course::{Chapter, Course, Scene, Sizes};
use explorer::{Limits, Memory};
use transcript::Transcript;

use self::legal::Legal;
use crate::cli;
use crate::exit::{Answer, Result};
use crate::player::Player;
use crate::schedules::{self, Explorer};
use crate::terminal::print;

pub(crate) fn orders(arguments: &cli::Orders) -> Result {
    let course = Course::find()?;
    let (chapter, scene) = course.scene(&arguments.scene)?;
    threads(arguments, &course, chapter, &scene)
}

/// Every schedule of the threads of a scene that is explored.
fn threads(arguments: &cli::Orders, course: &Course, chapter: &Chapter, scene: &Scene) -> Result {
    let explored = schedules::program(course, chapter, scene)?;
    let options = &arguments.options;
    explored.check(options)?;
    let transcripts = scene.transcripts.iter().map(|path| course.transcript(path));
    let transcripts: Vec<Transcript> = transcripts.collect::<course::Result<_>>()?;
    let sizes_of = |command: &[String]| explored.sizes(&scene.options, command);
    let (sizes, transcript) = if options.is_empty() {
        smallest(&transcripts, sizes_of)?
    } else {
        let sizes = sizes_of(options)?;
        let has_sizes = |it: &&Transcript| sizes_of(it.command()).is_ok_and(|other| other == sizes);
        (sizes.clone(), transcripts.iter().find(has_sizes))
    };
    let memory = match arguments.memory {
        cli::Memory::Sequential => Memory::Sequential,
        cli::Memory::Weak => Memory::Weak,
    };
    let mut name = named(&explored.name, &explored.sizes, &sizes);
    if memory == Memory::Weak {
        name += ", with weak memory";
    }
    let player = Player::new()?;
    let explorer = Explorer::new(&player, course, chapter, &explored, sizes, memory)?;
    if let Some(choices) = &arguments.replay {
        print(steps::draw(&name, &explorer.replay(&choices.0)?))?;
        return Ok(Answer::Passed);
    }
    let report = explorer.explore(Limits::default())?;
    let legal = transcript.map(|transcript| Legal::of(transcript, &report));
    print(table::draw(&name, &report, legal.as_ref(), arguments.all))?;
    Ok(Answer::from_failures(legal.map_or(0, |legal| legal.failures())))
}

/// The transcript with the smallest sizes, and these; the scene's defaults if there is no transcript.
fn smallest(
    transcripts: &[Transcript],
    sizes_of: impl Fn(&[String]) -> course::Result<Sizes>,
) -> Result<(Sizes, Option<&Transcript>)> {
    let mut smallest = (sizes_of(&[]), None);
    for transcript in transcripts {
        let sizes = sizes_of(transcript.command())?;
        let product =
            |sizes: &Sizes| sizes.values().map(|size| i128::from(*size)).product::<i128>();
        let is_smaller = match (&smallest.0, smallest.1) {
            (Ok(others), Some(_)) => product(&sizes) < product(others),
            _ => true,
        };
        if is_smaller {
            smallest = (Ok(sizes), Some(transcript));
        }
    }
    Ok((smallest.0?, smallest.1))
}

/// The scene with its sizes: `lock/mutex --rounds 1`.
fn named(scene: &str, order: &[String], sizes: &Sizes) -> String {
    order.iter().fold(scene.to_owned(), |name, size| {
        format!("{name} --{} {}", size.replace('_', "-"), sizes.get(size).copied().unwrap_or(0))
    })
}
