//! The same run once more.

use std::fmt;

use crate::choices::Choices;
use crate::explore::Policy;
use crate::run::Trace;
use crate::view::View;

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
        /// The moves that there were, in words.
        moves: Vec<String>,
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
        let moves = view.moves.iter().map(ToString::to_string).collect();
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
        match self {
            Divergence::NoSuchMove { place, choice, moves } => {
                let moves: Vec<String> = moves
                    .iter()
                    .enumerate()
                    .map(|(number, it)| format!("{number}: {it}"))
                    .collect();
                write!(out, "choice {place} is {choice}, but the moves are {}", moves.join(", "))
            }
            Divergence::Ended { made, of } => {
                write!(out, "the run ended after {made} of {of} choices")
            }
        }
    }
}
