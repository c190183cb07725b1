//! How a run is disturbed or directed. To add a kind, write a variant, a file beside `shaken.rs`, and a line in
//! [`start`].

mod directed;
mod shaken;

use std::io;
use std::os::fd::BorrowedFd;
use std::process::{Child, Command};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use self::directed::Director;
use self::shaken::Shaker;
use crate::direct::{Direction, Question, Step};
use crate::recording::Ending;

pub use self::directed::Refusal;

/// What decides which process of a run goes on, and when.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Schedule {
    /// The system alone.
    #[default]
    Free,
    /// The system, while the runner holds processes for some milliseconds, and keeps every other run on one core.
    Shaken {
        /// Decides which processes are held, and for how long. The same seed makes the same decisions. The machine
        /// decides at which moment of the program they take effect.
        seed: u64,
    },
    /// The host, step by step: see [`Runner::direct`](crate::Runner::direct). Without a host that chooses, always the
    /// first option.
    Directed(Direction),
}

/// Disturbs or directs a run. That ends when it is dropped. All times are the run's, from its start.
pub(crate) trait Steer {
    /// Does what is due now, and says what is next.
    fn steer(&mut self, now: Duration) -> io::Result<Next>;

    /// Readable when something is due before the end of the pause.
    fn source(&self) -> Option<BorrowedFd<'_>> {
        None
    }

    /// The host's answer to the last question.
    fn choose(&mut self, _choice: usize, _now: Duration) {}

    /// The steps since the last question.
    fn steps(&mut self) -> Vec<Step> {
        Vec::new()
    }

    /// Whether this thread cannot go on, nor be stopped, because it is held in a system call.
    fn holds(&self, _tid: i32) -> bool {
        false
    }
}

/// What is next in a run.
pub(crate) enum Next {
    /// Nothing for this long.
    Pause(Duration),
    /// The host must choose one of several options.
    Ask(Question),
    /// The run is over.
    End(Ending),
}

/// Why there is no run.
pub(crate) enum NotStarted {
    /// The program cannot be started.
    Program(io::Error),
    /// It cannot be directed here.
    Undirected(Refusal),
    /// The supervisor lacks something.
    Own(io::Error),
}

impl<E: Into<io::Error>> From<E> for NotStarted {
    fn from(error: E) -> Self {
        Self::Own(error.into())
    }
}

/// Starts the program in the thread that will steer it: a schedule may have to change what the child inherits, or to
/// act before the child does anything.
pub(crate) fn start(
    schedule: &Schedule,
    mut command: Command,
) -> Result<(Child, Box<dyn Steer>), NotStarted> {
    let steer: Box<dyn Steer> = match schedule {
        Schedule::Free => Box::new(Nothing),
        Schedule::Shaken { seed } => Box::new(Shaker::new(*seed)),
        Schedule::Directed(direction) => {
            let (child, director) = Director::start(command, direction)?;
            return Ok((child, Box::new(director)));
        }
    };
    Ok((command.spawn().map_err(NotStarted::Program)?, steer))
}

/// Leaves a run to the system.
pub(crate) struct Nothing;

impl Steer for Nothing {
    fn steer(&mut self, _now: Duration) -> io::Result<Next> {
        Ok(Next::Pause(Duration::MAX))
    }
}
