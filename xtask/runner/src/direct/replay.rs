//! Repeats the decisions of an earlier run.

use std::fmt;

use super::choices::Choices;
use super::view::{Choice, View};

/// Takes the decisions of an earlier run, then always the first option: each thread, in the order of their births, goes
/// as far as it can.
///
/// A program whose threads depend on nothing but each other then does the same again. If the list does not fit what the
/// program does, the run is abandoned, and [`divergence`](Self::divergence) says where.
#[derive(Debug, Clone)]
pub struct Replay {
    choices: Vec<usize>,
    asked: usize,
    divergence: Option<Divergence>,
}

impl Replay {
    /// The replay of these decisions. Zeros at the end are not missed if the run ends before them.
    #[must_use]
    pub fn new(choices: &Choices) -> Self {
        let choices = choices.clone().shortened().iter().collect();
        Self { choices, asked: 0, divergence: None }
    }

    /// The next decision.
    pub fn choose(&mut self, view: &View<'_>) -> Choice {
        let choice = self.choices.get(self.asked).copied().unwrap_or_default();
        self.asked += 1;
        let options = view.options.len();
        if choice < options {
            return Choice::Take(choice);
        }
        self.divergence = Some(Divergence::NoSuchOption { at: self.asked, choice, options });
        Choice::Abandon
    }

    /// Where the run left the list, if it did. Ask after the run has ended.
    #[must_use]
    pub fn divergence(&self) -> Option<Divergence> {
        let left = self.choices.len().saturating_sub(self.asked);
        let end = (left > 0).then_some(Divergence::EndedEarly { asked: self.asked, left });
        self.divergence.or(end)
    }
}

/// Where a run left a list of choices. Displayed in one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Divergence {
    /// There were fewer options than that.
    NoSuchOption {
        /// The place of the choice in the list, from 1.
        at: usize,
        /// The choice, from 0.
        choice: usize,
        /// How many options there were.
        options: usize,
    },
    /// The run ended before the list did.
    EndedEarly {
        /// How many choices it needed.
        asked: usize,
        /// How many were left.
        left: usize,
    },
}

impl fmt::Display for Divergence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchOption { at, choice, options } => write!(
                f,
                "choice number {at} is {choice}, but there were only the options 0 to {}",
                options - 1
            ),
            Self::EndedEarly { asked, left } => {
                write!(f, "the run ended after {asked} of {} choices", asked + left)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Act, Move, Name};
    use super::*;

    fn ask(replay: &mut Replay, options: u32) -> Choice {
        let option = |earlier| Move {
            thread: Name::leader().child(earlier),
            pid: 1,
            act: Act::Begin,
            text: String::new(),
            neutral: String::new(),
        };
        let options: Vec<Move> = (0..options).map(option).collect();
        replay.choose(&View { options: &options, blocked: &[], steps: &[], state: 0 })
    }

    #[test]
    fn the_list_comes_first_then_the_first_option() {
        let mut replay = Replay::new(&"1,2".parse().unwrap());
        let taken = [2, 3, 2].map(|options| ask(&mut replay, options));
        assert_eq!(taken, [1, 2, 0].map(Choice::Take));
        assert_eq!(replay.divergence(), None);
    }

    #[test]
    fn a_list_that_does_not_fit_says_where() {
        let mut replay = Replay::new(&"1,2".parse().unwrap());
        ask(&mut replay, 2);
        assert_eq!(ask(&mut replay, 2), Choice::Abandon);
        let said = replay.divergence().unwrap().to_string();
        assert_eq!(said, "choice number 2 is 2, but there were only the options 0 to 1");

        let mut replay = Replay::new(&"1,2,3,0".parse().unwrap());
        ask(&mut replay, 2);
        let said = replay.divergence().unwrap().to_string();
        assert_eq!(said, "the run ended after 1 of 3 choices");
        let mut replay = Replay::new(&"1,0".parse().unwrap());
        ask(&mut replay, 2);
        assert_eq!(replay.divergence(), None);
    }
}
