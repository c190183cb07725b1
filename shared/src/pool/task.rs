//! What goes from the caller to the workers, and back.

use std::sync::atomic::Ordering;

use serde::{Deserialize, Serialize};

use super::Crosses;
use crate::ring::Ring;
use crate::sys::{Call, Functions, Words};
use crate::{Error, Exit, Pid, Result, wire};

/// What all processes of a pool share. It is made before they are.
#[derive(Debug)]
pub(super) struct Board {
    pub(super) functions: Functions,
    /// One for all workers, or one for each.
    pub(super) tasks: Vec<Ring>,
    pub(super) results: Ring,
    /// For each worker what it is doing; see [`Doing`].
    pub(super) doing: Words,
}

impl Board {
    pub(super) fn new(workers: usize, queues: usize, room: usize) -> Result<Self> {
        Ok(Self {
            functions: Functions::new()?,
            tasks: (0..queues).map(|_| Ring::new(u32::MAX, room)).collect::<Result<_>>()?,
            results: Ring::new(u32::MAX, room)?,
            doing: Words::new(workers)?,
        })
    }

    /// A task is still in its queue, and one who may have noted it has died: that one has not taken it.
    pub(super) fn correct(&self, queue: usize, number: u32) {
        let (noted, idle) = (Doing::Task(number).into(), Doing::Idle.into());
        for doing in self.doing[queue..].iter().step_by(self.tasks.len()) {
            let _ = doing.compare_exchange(noted, idle, Ordering::SeqCst, Ordering::SeqCst);
        }
    }
}

/// A task's queue, and its number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Id {
    pub(super) queue: u32,
    pub(super) number: u32,
}

/// What a worker is doing, as it stands on the board: one number, so that it changes in one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doing {
    /// Starting, in its initializer.
    Starting,
    /// Between two tasks.
    Idle,
    /// It is about to take the task of this number, or has taken it.
    Task(u32),
}

impl From<Doing> for u64 {
    fn from(doing: Doing) -> Self {
        match doing {
            Doing::Starting => 0,
            Doing::Idle => 1,
            Doing::Task(number) => 2 + Self::from(number),
        }
    }
}

impl From<u64> for Doing {
    fn from(word: u64) -> Self {
        match word {
            0 => Self::Starting,
            1 => Self::Idle,
            task => Self::Task((task - 2) as u32),
        }
    }
}

/// What has become of a task. The values themselves stand behind it, as bytes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum Outcome {
    Done,
    Panicked(String),
    Died { worker: i32, exit: Exit },
    TooLarge { size: usize, room: usize },
    Encode { type_name: String, reason: String },
    Decode { type_name: String, reason: String },
    Failed(String),
    Terminated,
    PoolFailed(String),
}

impl Outcome {
    pub(super) fn check(&self) -> Result<()> {
        Err(match self.clone() {
            Self::Done => return Ok(()),
            Self::Panicked(message) => Error::Panicked(message),
            Self::Died { worker, exit } => {
                Error::WorkerDied { worker: Pid::from_raw(worker), exit }
            }
            Self::TooLarge { size, room } => Error::TooLarge { size, room },
            Self::Encode { type_name, reason } => Error::Encode { type_name, reason },
            Self::Decode { type_name, reason } => Error::Decode { type_name, reason },
            Self::Failed(text) => Error::other(text),
            Self::Terminated => Error::Terminated,
            Self::PoolFailed(reason) => Error::PoolFailed { reason },
        })
    }
}

impl From<Error> for Outcome {
    fn from(error: Error) -> Self {
        match error {
            Error::TooLarge { size, room } => Self::TooLarge { size, room },
            Error::Encode { type_name, reason } => Self::Encode { type_name, reason },
            Error::Decode { type_name, reason } => Self::Decode { type_name, reason },
            other => Self::Failed(other.to_string()),
        }
    }
}

/// Writes a task: which function, and its argument.
pub(super) fn write<A: Serialize, F, G>(
    functions: &Functions,
    function: fn(F) -> G,
    call: Call<fn(F) -> G>,
    argument: &A,
    task: &mut Vec<u8>,
) -> Result<()> {
    wire::append(&functions.number(function, call)?, task)?;
    wire::append(argument, task)
}

/// Runs in a worker: calls the task's function and appends its result.
pub(super) fn run(functions: &Functions, mut task: &[u8], result: &mut Vec<u8>) -> Result<()> {
    let number = wire::take(&mut task)?;
    functions.call(number, task, result)
}

/// Runs in a worker: the function of one argument.
pub(super) fn call<A: Crosses, R: Crosses>(
    function: fn(A) -> R,
    argument: &[u8],
    result: &mut Vec<u8>,
) -> Result<()> {
    wire::append(&function(wire::decode(argument)?), result)
}

/// Runs in a worker: the function of each argument of a chunk, in order.
pub(super) fn call_each<A: Crosses, R: Crosses>(
    function: fn(A) -> R,
    arguments: &[u8],
    results: &mut Vec<u8>,
) -> Result<()> {
    let arguments: Vec<A> = wire::decode(arguments)?;
    wire::append(&arguments.into_iter().map(function).collect::<Vec<R>>(), results)
}
