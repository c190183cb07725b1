//! The game: show where the run is, take a key, and go on.

use super::forbidden::forbids;
use super::goal::{Goal, Progress, holds};
use super::hints::{ended, hints};
use super::keys::{Key, Keys};
use super::position::{How, Outlook, Playable, Position};
use super::rows::Aim;
use super::screen::{Parts, Shown, help};
use super::stage::Stage;
use crate::cli::GOALS;
use crate::drawing::width;
use crate::exit::{Answer, Error, Result};
use crate::player::Player;

/// What a reader has to know at first.
const WELCOME: &str = "You are the scheduler: type a number in brackets, and its task goes on.";
const ENTER: &str = "Press Enter after each key.";
const FORCED: &str = "A `forced` move was the only one that was possible.";
const NEW_RUN: &str = "This is a new run, with all choices but the last; its pids are new.";
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

/// Where the reader is.
struct Turn {
    choices: Vec<usize>,
    position: Position,
    remarks: Vec<String>,
    /// Why no run reaches the goal, if that is known.
    never: Option<String>,
}

/// Why there is no further turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Quit,
    /// No more keys come.
    NoKeys,
}

impl Game<'_> {
    /// Plays until the reader quits, or the input ends.
    ///
    /// # Errors
    ///
    /// The run cannot go on, or Ctrl-C was pressed. What the reader has chosen is printed then too.
    pub(super) fn play(mut self) -> Result {
        let choices = Vec::new();
        let position = self.program.at(&choices)?;
        let mut remarks = welcome(&position, self.stage.needs_enter());
        remarks.extend(self.unusual());
        let never = self.never()?;
        let mut turn = Turn { choices, position, remarks, never };
        let end = self.turns(&mut turn);
        let is_reached =
            self.goal.as_ref().map(|goal| turn.position.progress(goal) == Progress::Reached);
        let is_cut_short = matches!(end, Ok(End::NoKeys))
            && turn.position.end().is_none()
            && is_reached != Some(true);
        let mut last = String::new();
        if is_cut_short {
            last = self.keys.too_few(&turn.position.numbered());
        }
        last += &self.last(&turn, is_reached);
        let is_short_script = is_cut_short && self.keys.place().is_some();
        match end {
            Ok(_) => self.stage.leave(&last)?,
            // There is nothing to print it on.
            Err(Error::NoReader) => return Err(Error::NoReader),
            Err(error) => {
                _ = self.stage.leave(&last);
                return Err(error);
            }
        }
        let has_failed = is_reached == Some(false) || is_short_script;
        Ok(if has_failed { Answer::Failed } else { Answer::Passed })
    }

    /// Why no run reaches the goal: `No schedule reaches it`, ``The arrow `child -> parent` forbids this``.
    fn never(&mut self) -> Result<Option<String>> {
        let Some(goal) = &self.goal else { return Ok(None) };
        let outlook = self.program.outlook(&[], goal)?;
        let usual = self.program.usual_lines();
        let why = self.program.transcript().and_then(|it| forbids(goal, it, usual));
        Ok(match (outlook, why) {
            (Some(Outlook { reaching: 0, .. }), None) => Some("No schedule reaches it".to_owned()),
            (Some(Outlook { reaching: 0, .. }), Some(why)) => {
                Some(format!("No schedule reaches it: {why}"))
            }
            (Some(_), _) | (None, None) => None,
            (None, Some(why)) => Some(capitalised(&why)),
        })
    }

    /// The parts of lines in the goal that a usual run does not print: perhaps they are misspelt.
    fn unusual(&self) -> Vec<String> {
        let Some((goal, lines)) = self.goal.as_ref().zip(self.program.usual_lines()) else {
            return Vec::new();
        };
        let parts = goal.parts().into_iter();
        let unusual = parts.filter(|part| !lines.lines().any(|line| holds(line, part)));
        unusual
            .map(|part| format!("A run in the usual order prints no line with \"{part}\"."))
            .collect()
    }

    /// Takes one key after the other.
    fn turns(&mut self, turn: &mut Turn) -> Result<End> {
        let mut is_new = true;
        loop {
            let Some(key) = self.ask(turn, is_new)? else { return Ok(End::NoKeys) };
            self.stage.echo(&key)?;
            is_new = true;
            turn.remarks = Vec::new();
            match key {
                Key::Number(number) if turn.position.numbers().contains(&number) => {
                    self.wait("The run goes on …")?;
                    turn.choices.push(number);
                    self.go(turn)?;
                }
                Key::Undo if turn.choices.pop().is_some() => {
                    self.wait("A new run begins …")?;
                    self.go(turn)?;
                    turn.remarks.extend(self.program.is_live().then(|| NEW_RUN.to_owned()));
                }
                Key::Quit => return Ok(End::Quit),
                other => {
                    turn.remarks = self.answer(&other, turn)?;
                    is_new = false;
                }
            }
        }
    }

    /// Says what a real program does now, which may take a while.
    fn wait(&self, what: &str) -> Result<()> {
        if self.program.is_live() { self.stage.wait(what) } else { Ok(()) }
    }

    /// Shows where the run is, and takes a key that the reader has typed after that. Any key but `q` turns a page.
    fn ask(&mut self, turn: &Turn, is_new: bool) -> Result<Option<Key>> {
        let goal = self.goal.as_ref().map(|goal| (goal, turn.position.progress(goal)));
        let outlook = match goal {
            Some((goal, Progress::Open)) if turn.position.end().is_none() => {
                self.program.outlook(&turn.choices, goal)?
            }
            _ => None,
        };
        self.keys.drop_early();
        let mut page = 0;
        loop {
            let shown = Shown {
                name: self.program.name(),
                transcript: self.program.transcript(),
                position: &turn.position,
                is_first: turn.choices.is_empty(),
                goal: goal.map(|(goal, progress)| Aim {
                    goal,
                    progress,
                    outlook: outlook.as_ref(),
                    never: turn.never.as_deref(),
                }),
                remarks: &turn.remarks,
                replay: &self.program.replay(&turn.choices),
                begun: self.keys.begun(),
            };
            let is_last = self.stage.show(Parts::new(&shown, width()), page, is_new)?;
            let numbers = if is_last { turn.position.numbers() } else { &[] };
            match self.keys.next(self.player, numbers)? {
                Some(Key::Redraw) => {}
                Some(key) if !is_last && key != Key::Quit => page += 1,
                Some(Key::Blank) => {}
                key => return Ok(key),
            }
        }
    }

    /// Goes to where the run is after the choices, and says what is different there.
    fn go(&mut self, turn: &mut Turn) -> Result<()> {
        let before = std::mem::replace(&mut turn.position, self.program.at(&turn.choices)?);
        if self.program.is_live() && turn.position.is_renumbered(&before) {
            turn.remarks = vec![format!("The keys are new: {}.", turn.position.numbered())];
        }
        Ok(())
    }

    /// What is said about a key that changes nothing.
    ///
    /// # Errors
    ///
    /// A script has a number that cannot be chosen.
    fn answer(&mut self, key: &Key, turn: &Turn) -> Result<Vec<String>> {
        let Turn { choices, position, never, .. } = turn;
        let goal = self.goal.as_ref();
        Ok(match key {
            Key::Hint => {
                let goal = goal.map(|goal| (goal, never.as_deref()));
                hints(self.program, choices, position, goal)?
            }
            Key::Help => help(position, self.program.is_live()),
            Key::Goal => match goal {
                Some(goal) => vec![goal.explained()],
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
                let choice = position.numbered();
                let text = format!("{number} cannot be chosen now. You can choose {choice}.");
                let place = self.keys.place();
                let wrong = place.map(|place| format!("`--script`: {place}: {text}"));
                return wrong.map_or(Ok(vec![text]), |wrong| Err(Error::Question(wrong)));
            }
            other => vec![format!("`{other}` is no key; `?` shows the keys.")],
        })
    }

    /// What is left to say when the reader leaves.
    fn last(&self, turn: &Turn, is_reached: Option<bool>) -> String {
        let mut text = match is_reached {
            None => String::new(),
            Some(true) => "The goal was reached.\n".to_owned(),
            Some(false) => "The goal was not reached.\n".to_owned(),
        };
        if !turn.choices.is_empty() && turn.position.end().is_none() {
            text += &format!("Again: `{}`\n", self.program.replay(&turn.choices));
        }
        text
    }
}

fn capitalised(text: &str) -> String {
    let first = text.chars().take(1).flat_map(char::to_uppercase);
    first.chain(text.chars().skip(1)).collect()
}

fn welcome(position: &Position, needs_enter: bool) -> Vec<String> {
    if position.end().is_some() {
        return vec![NO_CHOICE.to_owned()];
    }
    let is_forced = position.made.iter().any(|made| made.how == How::Forced);
    let remarks = [Some(WELCOME), needs_enter.then_some(ENTER), is_forced.then_some(FORCED)];
    remarks.into_iter().flatten().map(str::to_owned).collect()
}
