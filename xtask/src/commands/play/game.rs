//! The game: show where the run is, take a key, and go on.

use super::goal::{Goal, Progress};
use super::hints::hints;
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
        let mut remarks = vec![WELCOME.to_owned()];
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
            remarks.clear();
            is_new = true;
            match key {
                Key::Number(number) if position.numbers().contains(&number) => {
                    choices.push(number);
                    position = self.program.at(&choices)?;
                }
                Key::Undo if choices.pop().is_some() => position = self.program.at(&choices)?,
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
            Key::Number(_) if position.end().is_some() => {
                vec!["The run has ended. `u` takes the last choice back.".to_owned()]
            }
            Key::Number(number) => {
                let numbers = position.numbers().iter().map(ToString::to_string);
                let numbers: Vec<String> = numbers.collect();
                vec![format!("{number} cannot be chosen now; {} can.", numbers.join(", "))]
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
