//! The game: show where the run is, take a key, and go on.

use super::forbidden::never;
use super::goal::{Goal, Progress, unusual};
use super::hints::{ended, hints};
use super::key::Key;
use super::keys::Keys;
use super::position::{How, Outlook, Playable, Position};
use super::rows::Aim;
use super::screen::{Parts, Shown, help};
use super::stage::Stage;
use crate::cli::GOALS;
use crate::drawing::width;
use crate::exit::{Answer, Error, Result};
use crate::player::Player;
use crate::terminal::counted;

/// What a reader has to know at first.
const WELCOME: &str = "You are the scheduler: type a number in brackets, and its task goes on.";
const ENTER: &str = "Press Enter after each key.";
const FORCED: &str = "A `forced` move was the only one that was possible.";
const NEW_RUN: &str = "This is a new run, with all choices but the last; its pids are new.";
const NEW_GAME: &str = "This is a new run, from the beginning; its pids are new.";
/// The most choices that are made without the reader.
const MOST: usize = 500;
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
    /// What the usual run says against the goal, if it prints no such line.
    unusual: Option<String>,
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
        let remarks = welcome(&position, self.stage.needs_enter());
        let goal = self.goal.as_ref();
        let never = goal.map(|goal| never(&mut *self.program, goal)).transpose()?.flatten();
        let usual = self.goal.as_ref().zip(self.program.usual_lines());
        let unusual = usual.and_then(|(goal, lines)| unusual(goal, lines));
        let mut turn = Turn { choices, position, remarks, never, unusual };
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

    /// Takes one key after the other.
    fn turns(&mut self, turn: &mut Turn) -> Result<End> {
        let mut is_new = true;
        loop {
            let Some(key) = self.ask(turn, is_new)? else { return Ok(End::NoKeys) };
            self.stage.echo(&key)?;
            is_new = true;
            turn.remarks = Vec::new();
            let has_ended = turn.position.end().is_some();
            match key {
                Key::Number(number) if turn.position.numbers().contains(&number) => {
                    self.wait("The run goes on …")?;
                    turn.choices.push(number);
                    if self.go_on(turn)? == Some(Key::Quit) {
                        return Ok(End::Quit);
                    }
                }
                Key::End if !has_ended => {
                    self.wait("The run goes on …")?;
                    if self.play_on(turn)? == Some(Key::Quit) {
                        return Ok(End::Quit);
                    }
                }
                Key::Undo if turn.choices.pop().is_some() => self.begin(turn, NEW_RUN)?,
                Key::New if !turn.choices.is_empty() => {
                    turn.choices.clear();
                    self.begin(turn, NEW_GAME)?;
                }
                Key::Quit => return Ok(End::Quit),
                other => {
                    turn.remarks = self.answer(&other, turn)?;
                    is_new = false;
                }
            }
        }
    }

    /// Begins a new run, up to the choices that are left.
    fn begin(&mut self, turn: &mut Turn, remark: &str) -> Result<()> {
        self.wait("A new run begins …")?;
        turn.position = self.program.at(&turn.choices)?;
        turn.remarks.extend(self.program.is_live().then(|| remark.to_owned()));
        Ok(())
    }

    /// Says what a real program does now, which may take a while.
    fn wait(&self, what: &str) -> Result<()> {
        if self.program.is_live() { self.stage.wait(what) } else { Ok(()) }
    }

    /// Shows where the run is, and takes a key that the reader has typed after that. Any key but `q` turns a page.
    fn ask(&mut self, turn: &mut Turn, is_new: bool) -> Result<Option<Key>> {
        let outlook = match &self.goal {
            Some(goal)
                if turn.position.progress(goal) == Progress::Open
                    && turn.position.end().is_none() =>
            {
                self.program.outlook(&turn.choices, goal)?
            }
            _ => None,
        };
        // Of a question that stays the same, the reader knows already.
        let early = if is_new { self.keys.drop_early() } else { 0 };
        turn.remarks.extend(too_early(early));
        let mut page = 0;
        loop {
            let shown = self.shown(turn, &turn.position, outlook.as_ref());
            let replay = self.program.replay(&turn.choices);
            let parts = Parts::new(&Shown { replay: &replay, ..shown }, width());
            let is_last = self.stage.show(parts, page, is_new)?;
            let numbers = if is_last { turn.position.numbers() } else { &[] };
            match self.keys.next(self.player, numbers)? {
                Some(Key::Redraw) => {}
                Some(key) if !is_last && key != Key::Quit => page += 1,
                Some(Key::Blank) => {}
                // For an explored program, a choice of `replay` is the number itself.
                Some(Key::Choice(place)) if self.program.is_live() => {
                    let number = numbers.get(place).copied();
                    return Ok(Some(number.map_or(Key::Choice(place), Key::Number)));
                }
                Some(Key::Choice(number)) => return Ok(Some(Key::Number(number))),
                key => return Ok(key),
            }
        }
    }

    /// A moment, as it is shown.
    fn shown<'s>(
        &'s self,
        turn: &'s Turn,
        position: &'s Position,
        outlook: Option<&'s Outlook>,
    ) -> Shown<'s> {
        let transcript = self.program.transcript();
        Shown {
            name: self.program.name(),
            transcript,
            position,
            is_first: turn.choices.is_empty(),
            goal: self.goal.as_ref().map(|goal| {
                let progress = position.progress(goal);
                Aim {
                    goal,
                    progress,
                    outlook,
                    never: turn.never.as_deref(),
                    unusual: turn.unusual.as_deref(),
                    line: match progress {
                        Progress::Reached => position.reached_with(goal, transcript),
                        Progress::Open | Progress::Missed => None,
                    },
                }
            }),
            remarks: &turn.remarks,
            replay: "",
            begun: self.keys.begun(),
            needs_enter: self.stage.needs_enter(),
        }
    }

    /// Goes to where the run is after the choices. If it reaches the goal on the way, this moment is shown, until the
    /// reader types a key, which is returned.
    fn go_on(&mut self, turn: &mut Turn) -> Result<Option<Key>> {
        let before = std::mem::replace(&mut turn.position, self.program.at(&turn.choices)?);
        let renamed = turn.position.renamed(&before);
        if self.program.is_live() && !renamed.is_empty() {
            turn.remarks.push(format!("New names: {}.", renamed.join(", ")));
        }
        let Some(goal) = &self.goal else { return Ok(None) };
        let transcript = self.program.transcript();
        let was_reached = before.progress(goal) == Progress::Reached;
        let line = turn.position.reached_with(goal, transcript).filter(|_| !was_reached);
        let Some(moment) = line.and_then(|line| turn.position.after_line(line, transcript)) else {
            return Ok(None);
        };
        let remarks = std::mem::take(&mut turn.remarks);
        turn.remarks.extend(too_early(self.keys.drop_early()));
        let key = loop {
            let parts = Parts::new(&self.shown(turn, &moment, None), width());
            if self.stage.stop(parts)? {
                break None;
            }
            match self.keys.next(self.player, &[])? {
                Some(Key::Redraw) => {}
                key => break key,
            }
        };
        turn.remarks = remarks;
        Ok(key)
    }

    /// Makes the first choice again and again, up to the end, or until the goal is reached or missed.
    fn play_on(&mut self, turn: &mut Turn) -> Result<Option<Key>> {
        let progress =
            |game: &Self, turn: &Turn| game.goal.as_ref().map(|goal| turn.position.progress(goal));
        let before = progress(self, turn);
        for _ in 0..MOST {
            let Some(first) = turn.position.numbers().first() else { break };
            if self.player.interrupted() {
                return Err(Error::Interrupted);
            }
            turn.choices.push(*first);
            let key = self.go_on(turn)?;
            if key.is_some() || progress(self, turn) != before {
                return Ok(key);
            }
        }
        if turn.position.end().is_none() {
            turn.remarks.push(format!("The run has not ended after {MOST} more choices."));
        }
        Ok(None)
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
            Key::Undo | Key::New => vec!["No choice was made yet.".to_owned()],
            Key::Number(_) | Key::Choice(_) if position.end().is_some() => {
                let unused = self.keys.drop_numbers();
                let unused =
                    (unused > 0).then(|| format!("Not used: {}.", counted(unused, "more number")));
                [ended(choices).to_owned()].into_iter().chain(unused).collect()
            }
            Key::End => vec![ended(choices).to_owned()],
            Key::Number(number) | Key::Choice(number) => {
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

/// What is said about keys that were typed before the question.
fn too_early(keys: usize) -> Option<String> {
    match keys {
        0 => None,
        1 => Some("1 key came before the question, and was not used.".to_owned()),
        keys => Some(format!("{keys} keys came before the question, and were not used.")),
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
