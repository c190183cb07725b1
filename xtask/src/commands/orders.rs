//! `orders`: every order in which a scene can run, and what it then prints.
//!
//! A scene with an `explored` program is played by the explorer, and any other one is `directed`. Both find the same
//! kind of thing (`found`), which is compared with the transcript (`legal`) and drawn (`table`).

mod directed;
mod explored;
mod found;
mod legal;
mod table;

use course::{Course, Explored};

use crate::cli;
use crate::exit::{Answer, Result};
use crate::player::{self, Player};
use crate::schedules::{Program, no_options};
use crate::terminal::{print, println};

pub(crate) fn orders(arguments: &cli::Orders) -> Result {
    let course = Course::find()?;
    let (chapter, scene) = course.scene(&arguments.scene)?;
    let player = Player::new()?;
    let found = if let Some(explored) = Explored::of(chapter, &scene)? {
        let program = Program::new(&course, &scene, explored, &arguments.options)?;
        explored::orders(arguments, &player, &course, (chapter, &program))?
    } else {
        let name = arguments.scene.join("/");
        no_options((&name, false), &arguments.options, arguments.memory)?;
        if let Some(why) = player::undirected(&name, chapter, scene.first_transcript()?) {
            println(why)?;
            return Ok(Answer::Passed);
        }
        directed::orders(arguments, &player, &course, (chapter, &scene))?
    };
    print(table::draw(&found, arguments.all))?;
    Ok(Answer::from_failures(found.faults()))
}
