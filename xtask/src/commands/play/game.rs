//! The game: show where the run is, take a key, and go on.

use super::answers::{about, answer, refused};
use super::goal::{Goal, Progress};
use super::key::Key;
use super::keys::Keys;
use super::position::{Outlook, Playable, Position};
use super::rows::Aim;
use super::screen::{Parts, Shown};
use super::stage::Stage;
use super::turn::Turn;
use super::typed::Typing;
use crate::drawing::width;
use crate::exit::{Answer, Error, Result};
use crate::player::Player;

const NEW_RUN: &str = "This is a new run, with all choices but the last; its pids are new.";
const NEW_GAME: &str = "This is a new run, from the beginning; its pids are new.";
/// The most choices that are made without the reader.
const MOST: usize = 500;

/// A scene in the reader's hands.
pub(super) struct Game<'a> {
    pub(super) player: &'a Player,
    pub(super) program: &'a mut dyn Playable,
    pub(super) goal: Option<Goal>,
    pub(super) keys: Keys,
    pub(super) stage: Stage,
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
        let position = self.program.at(&[])?;
        let mut turn = Turn::new(position, self.stage.needs_enter());
        if let Some(goal) = &self.goal {
            turn.look_at(goal, self.program)?;
        }
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
        last += &turn.last(self.program, is_reached);
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
                Key::Goal if self.keys.are_single() => {
                    if let Some(text) = self.typed_goal(turn)? {
                        self.set_goal(&text, turn)?;
                    }
                    is_new = false;
                }
                Key::SetGoal(text) => {
                    self.set_goal(&text, turn)?;
                    is_new = false;
                }
                other => {
                    let goal = self.goal.as_ref();
                    turn.remarks = answer(&other, turn, goal, self.program, &mut self.keys)?;
                    is_new = false;
                }
            }
        }
    }

    /// A goal that the reader types on a terminal. None if the present one is kept.
    fn typed_goal(&mut self, turn: &mut Turn) -> Result<Option<String>> {
        turn.remarks = about(self.goal.as_ref(), None);
        let outlook = self.outlook(turn)?;
        let mut text = String::new();
        loop {
            let shown = self.shown(turn, &turn.position, outlook.as_ref());
            let parts = Parts::new(&Shown { typed_goal: Some(&text), ..shown }, width());
            self.stage.show(parts, usize::MAX, true)?;
            match self.keys.text(self.player, &mut text)? {
                Typing::Open => {}
                Typing::Done if !text.trim().is_empty() => return Ok(Some(text)),
                Typing::Done | Typing::Dropped => return Ok(None),
            }
        }
    }

    /// Sets another goal, if it is one.
    fn set_goal(&mut self, text: &str, turn: &mut Turn) -> Result<()> {
        match Goal::parse(text, self.program.transcript()) {
            Ok(goal) => {
                turn.look_at(&goal, self.program)?;
                turn.remarks = vec![goal.explained()];
                self.goal = Some(goal);
            }
            Err(why) => turn.remarks = refused(text, &why, &self.keys)?,
        }
        Ok(())
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
        let outlook = self.outlook(turn)?;
        // Of a question that stays the same, the reader knows already.
        let early = if is_new { self.keys.drop_early() } else { None };
        turn.remarks.extend(early);
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

    /// How many of the schedules that are left reach the goal, where that is open.
    fn outlook(&mut self, turn: &Turn) -> Result<Option<Outlook>> {
        let Some(goal) = &self.goal else { return Ok(None) };
        let is_open = turn.position.progress(goal) == Progress::Open;
        match is_open && turn.position.end().is_none() {
            true => self.program.outlook(&turn.choices, goal),
            false => Ok(None),
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
            typed_goal: None,
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
        turn.remarks.extend(self.keys.drop_early());
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
}
