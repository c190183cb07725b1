//! A program that can be run in any order, and what came of one run.

use crate::choices::Choices;
use crate::view::{Move, Printed};

/// A program that can be run in any order that it allows: a real one under a director, or a model of one.
pub trait Program {
    /// Why a run was impossible.
    type Error;

    /// Runs the program once, from its beginning to its end.
    ///
    /// Whenever every task is ready or blocked, it calls `choose` with the moves that are possible now, in an order
    /// that is the same in each run, and with a signature of the state. It then makes the move whose number `choose`
    /// returns, or ends the run if `choose` returns none.
    ///
    /// Two points with the same signature are the same state: what can follow is equal. It helps to leave out of the
    /// signature in which order the lines so far were printed. Then orders that lead to the same state are merged.
    fn run(&mut self, choose: &mut Choose<'_>) -> Result<Conclusion, Self::Error>;
}

/// Chooses one of several moves in a state.
pub type Choose<'c> = dyn FnMut(&[Move], u64) -> Option<usize> + 'c;

/// How a run ended, and what it is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conclusion {
    /// How it ended.
    pub end: End,
    /// What is wrong with it, in the words of its judge; none if nothing is.
    pub fault: Option<String>,
    /// For each line, the event of the transcript that claims it. Empty if this is unknown.
    pub events: Vec<Option<usize>>,
}

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum End {
    /// All tasks have ended.
    Finished,
    /// The tasks that are left can never go on.
    Stuck,
    /// It was ended from outside: by the policy, or because it took too many steps.
    Stopped,
}

/// What happened in one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// Its choices, which replay it.
    pub choices: Choices,
    /// Its lines.
    pub printed: Vec<Printed>,
    /// The places of the lines that came as a last resort: no other move was possible.
    pub last_resorts: Vec<usize>,
    /// The number of its moves.
    pub steps: usize,
    /// Its end.
    pub conclusion: Conclusion,
}

impl Trace {
    /// The lines without their tasks.
    pub fn lines(&self) -> Vec<String> {
        self.printed.iter().map(|printed| printed.line.clone()).collect()
    }
}
