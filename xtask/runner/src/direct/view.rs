//! What the host sees when it decides.

use super::step::{Act, Blocked, Move, Step};

/// A run at a moment at which a thread could go on. All threads are held, or wait for another one.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The possible moves, in the order of the threads' names, one a thread: two or more, or one if the direction asks
    /// for explanations.
    pub options: &'a [Move],
    /// The threads that cannot go on, in the order of their names.
    pub blocked: &'a [Blocked],
    /// What has happened so far.
    pub steps: &'a [Step],
    /// A signature of the state: where each thread is, and what has been printed in whatever order. Seen from outside,
    /// two moments with the same signature have the same future.
    pub state: u64,
}

impl<'a> View<'a> {
    /// What has been printed so far, and by whom.
    pub fn printed(&self) -> impl Iterator<Item = &'a Move> {
        self.steps.iter().map(|step| &step.made).filter(|made| made.act == Act::Print)
    }
}

/// The host's decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// This one of the options is next.
    Take(usize),
    /// The run is of no further use: it [ends](crate::Ending::Abandoned).
    Abandon,
}
