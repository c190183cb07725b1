//! What is said about a key that changes nothing in the run.

use super::goal::Goal;
use super::hints::{ended, hints};
use super::key::Key;
use super::keys::Keys;
use super::position::Playable;
use super::screen::help;
use super::turn::Turn;
use crate::cli::GOALS;
use crate::exit::{Error, Result};
use crate::terminal::counted;

/// What is said about a key that changes nothing in the run.
///
/// # Errors
///
/// A script has a number that cannot be chosen, or the program cannot be asked.
pub(super) fn answer(
    key: &Key,
    turn: &Turn,
    goal: Option<&Goal>,
    program: &mut dyn Playable,
    keys: &mut Keys,
) -> Result<Vec<String>> {
    let Turn { choices, position, never, .. } = turn;
    Ok(match key {
        Key::Hint => {
            let goal = goal.map(|goal| (goal, never.as_deref()));
            hints(program, choices, position, goal)?
        }
        Key::Help => help(position, program.is_live()),
        Key::Goal => about(goal, Some(ANOTHER)),
        Key::Undo | Key::New => vec!["No choice was made yet.".to_owned()],
        Key::Number(_) | Key::Choice(_) if position.end().is_some() => {
            let unused = keys.drop_numbers();
            let unused =
                (unused > 0).then(|| format!("Not used: {}.", counted(unused, "more number")));
            [ended(choices).to_owned()].into_iter().chain(unused).collect()
        }
        Key::End => vec![ended(choices).to_owned()],
        Key::Number(number) | Key::Choice(number) => {
            let choice = position.numbered();
            let text = format!("{number} cannot be chosen now. You can choose {choice}.");
            vec![or_script(text, keys)?]
        }
        other => vec![format!("`{other}` is no key; `?` shows the keys.")],
    })
}

/// How to set a goal where a key and a text come in one line.
const ANOTHER: &str = "To set a goal, type it after `g`, in quotation marks: `g \"prints 1\"`.";

/// When the goal is reached, and how to set one, unless a question says that.
pub(super) fn about(goal: Option<&Goal>, how: Option<&str>) -> Vec<String> {
    let first = match goal {
        Some(goal) => vec![goal.explained(), "Another goal has one of these forms:".to_owned()],
        None => vec!["No goal is set. A goal has one of these forms:".to_owned()],
    };
    first.into_iter().chain(GOALS.lines().chain(how).map(str::to_owned)).collect()
}

/// What is said about a goal that cannot be set.
///
/// # Errors
///
/// It comes from a script.
pub(super) fn refused(text: &str, why: &str, keys: &Keys) -> Result<Vec<String>> {
    let text = format!("`{text}` cannot be a goal: {why}. A goal has one of these forms:\n{GOALS}");
    Ok(or_script(text, keys)?.lines().map(str::to_owned).collect())
}

/// The text for a reader who can try again. A script cannot.
fn or_script(text: String, keys: &Keys) -> Result<String> {
    match keys.place() {
        Some(place) => Err(Error::Question(format!("`--script`: {place}: {text}"))),
        None => Ok(text),
    }
}
