//! The same run once more.

use std::fmt;

use crate::choices::Choices;
use crate::explore::Policy;
use crate::run::Trace;
use crate::view::{Move, View};

/// A policy that makes one run with given choices.
///
/// After the last choice, the run goes on in the default order: the first move at each point, which is the eldest
/// task's. So no choices at all are the default order.
#[derive(Debug, Clone)]
pub struct Replay {
    choices: Choices,
    made: usize,
    done: bool,
    divergence: Option<Divergence>,
}

/// Where a run could not follow the choices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Divergence {
    /// There were fewer moves.
    NoSuchMove {
        /// The place of the choice in the list, from 1.
        place: usize,
        /// The choice.
        choice: usize,
        /// The moves that there were.
        moves: Vec<Move>,
    },
    /// The run ended before the last choice.
    Ended {
        /// How many choices were made.
        made: usize,
        /// How many there are.
        of: usize,
    },
}

impl Replay {
    /// Replays these choices.
    pub fn new(choices: Choices) -> Replay {
        Replay { choices, made: 0, done: false, divergence: None }
    }

    /// Where the run could not follow the choices. It then went on in the default order.
    pub fn divergence(&self) -> Option<&Divergence> {
        self.divergence.as_ref()
    }
}

impl Divergence {
    /// The divergence in words, with each move as `move_text` describes it.
    ///
    /// ```
    /// use orders::{Divergence, Move, TaskName};
    ///
    /// let moves = ["left", "right"].map(|text| Move::print(TaskName::first(), text)).to_vec();
    /// let divergence = Divergence::NoSuchMove { place: 1, choice: 2, moves };
    /// let words = divergence.described(|it| it.prints().unwrap_or_default().to_owned());
    /// assert_eq!(words, "choice 1 is 2, but the moves are 0: left, 1: right");
    /// ```
    pub fn described(&self, move_text: impl Fn(&Move) -> String) -> String {
        match self {
            Divergence::NoSuchMove { place, choice, moves } => {
                let moves: Vec<String> = moves
                    .iter()
                    .enumerate()
                    .map(|(number, it)| format!("{number}: {}", move_text(it)))
                    .collect();
                format!("choice {place} is {choice}, but the moves are {}", moves.join(", "))
            }
            Divergence::Ended { made, of } => format!("the run ended after {made} of {of} choices"),
        }
    }
}

impl Policy for Replay {
    fn begin(&mut self) -> bool {
        !self.done
    }

    fn choose(&mut self, view: &View<'_>) -> Option<usize> {
        if view.moves.len() == 1 || self.divergence.is_some() {
            return Some(0);
        }
        let Some(&choice) = self.choices.numbers().get(self.made) else { return Some(0) };
        self.made += 1;
        if choice < view.moves.len() {
            return Some(choice);
        }
        let moves = view.moves.to_vec();
        self.divergence = Some(Divergence::NoSuchMove { place: self.made, choice, moves });
        Some(0)
    }

    fn learn(&mut self, _: &Trace) {
        self.done = true;
        let numbers = self.choices.numbers();
        // The default order makes no other choice than zero.
        let is_missed = numbers[self.made..].iter().any(|&number| number > 0);
        if is_missed && self.divergence.is_none() {
            self.divergence = Some(Divergence::Ended { made: self.made, of: numbers.len() });
        }
    }
}

impl fmt::Display for Divergence {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.described(Move::to_string))
    }
}
