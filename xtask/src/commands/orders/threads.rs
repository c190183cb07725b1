//! Every schedule of the threads of a scene that is explored, or one of them.

use course::{Chapter, Course, Explored, Scene};
use explorer::{Limits, Memory};

use super::legal::Legal;
use super::{steps, table};
use crate::cli;
use crate::exit::{Answer, Result};
use crate::player::Player;
use crate::schedules::{Explorer, Subject};
use crate::terminal::print;

pub(super) fn orders(
    arguments: &cli::Orders,
    course: &Course,
    chapter: &Chapter,
    scene: &Scene,
    explored: Explored,
) -> Result {
    let subject = Subject::new(course, scene, explored, &arguments.options)?;
    let (memory, suffix) = match arguments.memory {
        cli::Memory::Sequential => (Memory::Sequential, ""),
        cli::Memory::Weak => (Memory::Weak, ", with weak memory"),
    };
    let name = subject.name() + suffix;
    let player = Player::new()?;
    let explorer = Explorer::new(&player, course, chapter, &subject, memory)?;
    if let Some(choices) = &arguments.replay {
        print(steps::draw(&name, &explorer.replay(&choices.0)?))?;
        return Ok(Answer::Passed);
    }
    let report = explorer.explore(Limits::default())?;
    let legal = subject.transcript.map(|transcript| Legal::of(&transcript, &report));
    print(table::draw(&name, &report, legal.as_ref(), arguments.all))?;
    Ok(Answer::from_failures(legal.map_or(0, |legal| legal.failures())))
}
