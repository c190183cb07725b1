//! What a thread may do next, and what it has done.

use serde::{Deserialize, Serialize};

use super::Name;
use crate::waits::WaitsFor;

/// What a held thread does when it is let go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Act {
    /// Begins.
    Begin,
    /// Prints to stdout.
    Print,
    /// Returns from printing; see [`Direction::returns`](super::Direction::returns).
    Return,
    /// Ends its sleep.
    EndSleep,
    /// Wakes others through a futex: it has released a lock, set an event, or sent to a channel.
    Wake,
    /// Ends its wait for a futex, and looks again at what it waited for.
    EndWait,
    /// Ends its wait because the timeout is over.
    TimeOut,
    /// Ends its wait for an event of a descriptor, because there is one.
    EndPoll,
    /// Sends a signal.
    Signal,
    /// Goes on after it has started a thread.
    Spawned,
    /// Ends its process, in which other threads are alive.
    Exit,
}

impl Act {
    /// Whether the thread has come further. The other acts depend on other threads alone, and may be in vain.
    pub(crate) fn is_progress(self) -> bool {
        matches!(
            self,
            Self::Begin | Self::Print | Self::EndSleep | Self::Signal | Self::Spawned | Self::Exit
        )
    }
}

/// Something that can happen next: one thread goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// Who.
    pub thread: Name,
    /// The number of its process.
    pub pid: i32,
    /// What it does first.
    pub act: Act,
    /// What it prints, if it prints. Bytes that are not UTF-8 are replaced. If it sends a signal, which one, and to
    /// which process: `SIGTERM to 4711`, or `SIGTERM to 4711, which has ended`. If it wakes others, the names of those
    /// that wait: `0.1 and 0.2`, or `0.1 or 0.2` if it does not wake all of them.
    pub text: String,
    /// The same without what differs from run to run: numbers of processes have become names, as in `<0.2>`, ports that
    /// the kernel has chosen `<port>`, addresses `0xA`, decimal fractions, which are measured times, `T`, and bars `█`.
    /// Empty if it wakes others.
    pub neutral: String,
}

/// A move that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The move.
    pub made: Move,
    /// Its place among the moves that were possible, from 0.
    pub chosen: usize,
    /// How many moves were possible.
    pub options: usize,
}

impl Step {
    /// Whether nothing else was possible.
    #[must_use]
    pub fn is_forced(&self) -> bool {
        self.options == 1
    }
}

/// A thread that cannot go on: others must do something first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blocked {
    /// Who.
    pub thread: Name,
    /// The number of its process.
    pub pid: i32,
    /// What it waits for, if the direction asks for explanations.
    pub on: Option<WaitsFor>,
}

/// What the supervisor asks the host: which move is next?
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Question {
    /// What has happened since the last question.
    pub(crate) steps: Vec<Step>,
    pub(crate) options: Vec<Move>,
    pub(crate) blocked: Vec<Blocked>,
    pub(crate) state: u64,
}
