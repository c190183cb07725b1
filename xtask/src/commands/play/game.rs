//! The game: show where the run is, take a key, and go on.

use super::goal::{FORMS, Goal, Progress};
use super::hints::hints;
use super::keys::{Key, Keys};
use super::position::{Position, Program};
use super::screen::{HELP, Parts, Scene};
use super::stage::Stage;
use crate::exit::{Answer, Result};
use crate::player::Player;

/// A scene in the reader's hands.
pub(super) struct Game<'a> {
    pub(super) player: &'a Player,
    pub(super) program: &'a mut dyn Program,
    pub(super) goal: Option<Goal>,
    pub(super) keys: Keys,
    pub(super) stage: Stage,
}

impl Game<'_> {
    /// Plays until the reader quits, or the input ends.
    pub(super) fn play(mut self) -> Result {
        let mut choices = Vec::new();
        let mut position = self.program.at(&choices)?;
        let mut remarks = Vec::new();
        loop {
            self.show(&choices, &position, &remarks)?;
            remarks.clear();
            let Some(key) = self.keys.next(self.player, position.numbers())? else { break };
            self.stage.echo(&key)?;
            match key {
                Key::Number(number) if position.numbers().contains(&number) => {
                    choices.push(number);
                    position = self.program.at(&choices)?;
                }
                Key::Number(_) if position.end().is_some() => {
                    remarks.push("The run has ended. `u` takes the last choice back.".to_owned());
                }
                Key::Number(number) => {
                    let numbers = position.numbers().iter().map(ToString::to_string);
                    let numbers: Vec<String> = numbers.collect();
                    remarks.push(format!(
                        "{number} cannot be chosen now: {} can.",
                        numbers.join(", ")
                    ));
                }
                Key::Undo if choices.pop().is_some() => position = self.program.at(&choices)?,
                Key::Undo => remarks.push("No choice was made yet.".to_owned()),
                Key::Hint => {
                    remarks = hints(self.program, &choices, &position, self.goal.as_ref())?;
                }
                Key::Goal => remarks.push(self.goal.as_ref().map_or_else(
                    || format!("No goal was set. `--goal` sets one:\n{FORMS}"),
                    |goal| format!("The goal is {}.", goal.words()),
                )),
                Key::Help => remarks.extend(HELP.lines().map(str::to_owned)),
                Key::Quit => break,
                Key::Resized => {}
                Key::Unknown(word) => {
                    remarks.push(format!("`{word}` is no key; `?` shows the keys."))
                }
            }
        }
        let last = self.last(&choices, &position);
        self.stage.leave(&last)?;
        let is_missed =
            self.goal.is_some_and(|goal| goal.progress_of(&position) != Progress::Reached);
        Ok(if is_missed { Answer::Failed } else { Answer::Passed })
    }

    fn show(&mut self, choices: &[usize], position: &Position, remarks: &[String]) -> Result<()> {
        let goal = match &self.goal {
            None => None,
            Some(goal) => {
                let progress = goal.progress_of(position);
                let is_open = progress == Progress::Open && position.end().is_none();
                let outlook = if is_open { self.program.outlook(choices, goal)? } else { None };
                Some((goal, progress, outlook))
            }
        };
        let replay = self.program.replay(choices);
        let scene = Scene {
            name: self.program.name(),
            transcript: self.program.transcript(),
            position,
            goal,
            remarks,
            replay: &replay,
        };
        self.stage.show(Parts::new(&scene, self.stage.width()))
    }

    /// What is left to say when the reader quits.
    fn last(&self, choices: &[usize], position: &Position) -> String {
        let mut text = match self.goal.as_ref().map(|goal| goal.progress_of(position)) {
            None => String::new(),
            Some(Progress::Reached) => "The goal was reached.\n".to_owned(),
            Some(Progress::Open | Progress::Missed) => "The goal was not reached.\n".to_owned(),
        };
        text += &format!("These choices again: {}\n", self.program.replay(choices));
        text
    }
}
