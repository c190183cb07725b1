//! `audit`: does each part of a transcript forbid something, and is each planted flaw caught?
//!
//! An audit changes the transcript, not the output. Without one of its arrows, rules, bounds or names, a transcript
//! must allow more than before (`parts`). For each arrow, some flaw of the scene should break it (`coverage`);
//! otherwise nothing shows that the arrow is needed. The flaws are planted in copies of the chapters (`broken`, `planted`),
//! and each copy is played and attacked (`trial`).

mod broken;
mod coverage;
mod parts;
mod planted;
mod rates;
mod trial;

use course::Course;

use crate::cli;
use crate::exit::{Answer, Result};
use crate::player::Player;

pub(crate) fn audit(arguments: &cli::Audit) -> Result {
    let course = Course::find()?;
    let selected = course.select_scenes(&arguments.names)?;
    let player = Player::new()?;
    if let Some(runs) = arguments.rates {
        broken::rates(&course, &player, &selected, runs)?;
        return Ok(Answer::Passed);
    }
    let mut failures = parts::audit(&course, &player, &selected)?;
    if arguments.broken {
        let (escaped, flawed) = broken::audit(&course, &player, &selected, arguments.fix)?;
        coverage::report(&course, &selected, &flawed)?;
        failures += escaped;
    }
    Ok(Answer::from_failures(failures))
}
