//! Where the reader is, and what is known about the goal there.

use super::forbidden::never;
use super::goal::{Goal, unusual};
use super::position::{How, Playable, Position};
use crate::exit::Result;

/// What a reader has to know at first.
const WELCOME: &str = "You are the scheduler: type a number in brackets, and its task goes on.";
const ENTER: &str = "Press Enter after each key.";
const FORCED: &str = "A `forced` move was the only one that was possible.";
const NO_CHOICE: &str =
    "This scene leaves you no choice: at each moment, only one task could go on.";

/// Where the reader is.
pub(super) struct Turn {
    pub(super) choices: Vec<usize>,
    pub(super) position: Position,
    pub(super) remarks: Vec<String>,
    /// Why no run reaches the goal, if that is known.
    pub(super) never: Option<String>,
    /// What the usual run says against the goal, if it prints no such line.
    pub(super) unusual: Option<String>,
}

impl Turn {
    /// The first one.
    pub(super) fn new(position: Position, needs_enter: bool) -> Self {
        let remarks = welcome(&position, needs_enter);
        Self { choices: Vec::new(), position, remarks, never: None, unusual: None }
    }

    /// Finds out what speaks against a goal.
    ///
    /// # Errors
    ///
    /// The program cannot be asked.
    pub(super) fn look_at(&mut self, goal: &Goal, program: &mut dyn Playable) -> Result<()> {
        self.never = never(program, goal)?;
        self.unusual = program.usual_lines().and_then(|lines| unusual(goal, lines));
        Ok(())
    }

    /// What is left to say when the reader leaves.
    pub(super) fn last(&self, program: &dyn Playable, is_reached: Option<bool>) -> String {
        let mut text = match is_reached {
            None => String::new(),
            Some(true) => "The goal was reached.\n".to_owned(),
            Some(false) => "The goal was not reached.\n".to_owned(),
        };
        if !self.choices.is_empty() && self.position.end().is_none() {
            text += &format!("Again: `{}`\n", program.replay(&self.choices));
        }
        text
    }
}

fn welcome(position: &Position, needs_enter: bool) -> Vec<String> {
    if position.end().is_some() {
        return vec![NO_CHOICE.to_owned()];
    }
    let is_forced = position.made.iter().any(|made| made.how == How::Forced);
    let remarks = [Some(WELCOME), needs_enter.then_some(ENTER), is_forced.then_some(FORCED)];
    remarks.into_iter().flatten().map(str::to_owned).collect()
}
