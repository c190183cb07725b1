//! The game: show where the run is, take a key, and go on.

use super::goal::{Goal, Progress};
use super::hints::{ended, hints};
use super::keys::{Key, Keys};
use super::position::{Playable, Position};
use super::screen::{HELP, Parts, Shown};
use super::stage::Stage;
use crate::cli::GOALS;
use crate::drawing::width;
use crate::exit::{Answer, Result};
use crate::player::Player;

/// What a reader has to know at first.
const WELCOME: &str = "You are the scheduler: a number lets that task go on.";
const FORCED: &str = "A `forced` move was the only one that was possible.";
const NO_CHOICE: &str =
    "This scene leaves you no choice: at each moment, only one task could go on.";

/// A scene in the reader's hands.
pub(super) struct Game<'a> {
    pub(super) player: &'a Player,
    pub(super) program: &'a mut dyn Playable,
    pub(super) goal: Option<Goal>,
    pub(super) keys: Keys,
    pub(super) stage: Stage,
}

impl Game<'_> {
    /// Plays until the reader quits, or the input ends.
    pub(super) fn play(mut self) -> Result {
        let mut choices = Vec::new();
        let mut position = self.program.at(&choices)?;
        let mut remarks = welcome(&position);
        let mut is_new = true;
        loop {
            let parts = self.parts(&choices, &position, &remarks)?;
            if is_new {
                self.stage.show(parts)?;
            } else {
                self.stage.remark(parts)?;
            }
            let Some(key) = self.keys.next(self.player, position.numbers())? else { break };
            self.stage.echo(&key)?;
            remarks = Vec::new();
            is_new = true;
            match key {
                Key::Number(number) if position.numbers().contains(&number) => {
                    choices.push(number);
                    remarks = self.go(&choices, &mut position)?;
                }
                Key::Undo if choices.pop().is_some() => {
                    remarks = self.go(&choices, &mut position)?;
                }
                Key::Resized => {}
                Key::Quit => break,
                other => {
                    remarks = self.answer(&other, &choices, &position)?;
                    is_new = false;
                }
            }
        }
        let last = self.last(&choices, &position);
        self.stage.leave(&last)?;
        let is_missed = self.goal.is_some_and(|goal| position.progress(&goal) != Progress::Reached);
        Ok(if is_missed { Answer::Failed } else { Answer::Passed })
    }

    /// Goes to where the run is after these choices, and returns what has to be said about it.
    fn go(&mut self, choices: &[usize], position: &mut Position) -> Result<Vec<String>> {
        let before = std::mem::replace(position, self.program.at(choices)?);
        Ok(if self.program.renumbers() && position.is_renumbered(&before) {
            vec![format!("The numbers are new: {}.", position.numbered())]
        } else {
            Vec::new()
        })
    }

    /// What is said about a key that changes nothing.
    fn answer(&mut self, key: &Key, choices: &[usize], position: &Position) -> Result<Vec<String>> {
        let goal = self.goal.as_ref();
        Ok(match key {
            Key::Hint => hints(self.program, choices, position, goal)?,
            Key::Help => HELP.lines().map(str::to_owned).collect(),
            Key::Goal => match goal {
                Some(goal) => vec![format!("The goal is {}.", goal.words())],
                None => {
                    let forms = GOALS.lines().map(str::to_owned);
                    ["No goal is set. `--goal` sets one:".to_owned()]
                        .into_iter()
                        .chain(forms)
                        .collect()
                }
            },
            Key::Undo => vec!["No choice was made yet.".to_owned()],
            Key::Number(_) if position.end().is_some() => vec![ended(choices).to_owned()],
            Key::Number(number) => {
                vec![format!(
                    "{number} cannot be chosen now. You can choose {}.",
                    position.numbered()
                )]
            }
            other => vec![format!("`{other}` is no key; `?` shows the keys.")],
        })
    }

    /// The screen.
    fn parts(
        &mut self,
        choices: &[usize],
        position: &Position,
        remarks: &[String],
    ) -> Result<Parts> {
        let goal = match &self.goal {
            None => None,
            Some(goal) => {
                let progress = position.progress(goal);
                let is_open = progress == Progress::Open && position.end().is_none();
                let outlook = if is_open { self.program.outlook(choices, goal)? } else { None };
                Some((goal, progress, outlook))
            }
        };
        let replay = self.program.replay(choices);
        let shown = Shown {
            name: self.program.name(),
            transcript: self.program.transcript(),
            position,
            is_first: choices.is_empty(),
            goal,
            remarks,
            replay: &replay,
        };
        Ok(Parts::new(&shown, width()))
    }

    /// What is left to say when the reader quits.
    fn last(&self, choices: &[usize], position: &Position) -> String {
        let mut text = match self.goal.as_ref().map(|goal| position.progress(goal)) {
            None => String::new(),
            Some(Progress::Reached) => "The goal was reached.\n".to_owned(),
            Some(Progress::Open | Progress::Missed) => "The goal was not reached.\n".to_owned(),
        };
        if !choices.is_empty() && position.end().is_none() {
            text += &format!("Again: `{}`\n", self.program.replay(choices));
        }
        text
    }
}

fn welcome(position: &Position) -> Vec<String> {
    if position.end().is_some() {
        return vec![NO_CHOICE.to_owned()];
    }
    let is_forced = position.made.iter().any(|made| !made.is_chosen);
    let remarks = [Some(WELCOME), is_forced.then_some(FORCED)];
    remarks.into_iter().flatten().map(str::to_owned).collect()
}
