//! `orders`: every order in which a scene's program can run, and what it then prints.

mod legal;
mod steps;
mod table;
mod threads;

use course::{Course, Explored};

use crate::cli;
use crate::exit::Result;
use crate::schedules;

pub(crate) fn orders(arguments: &cli::Orders) -> Result {
    let course = Course::find()?;
    let (chapter, scene) = course.scene(&arguments.scene)?;
    match Explored::of(chapter, &scene)? {
        Some(explored) => threads::orders(arguments, &course, chapter, &scene, explored),
        None => Err(schedules::not_explored(&course, chapter, &scene)),
    }
}
