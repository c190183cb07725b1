//! What crosses from the caller to the workers, and back.
//!
//! A task's message is the number of its function and the argument. A result's message is the [`TaskId`], the
//! [`TaskStatus`] and the value that the function has returned.
//!
//! [`TaskId`]: super::shared_state::TaskId

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::sys::{Call, Functions};
use crate::{Error, Exit, Pid, Result, wire};

/// What can be a task's argument or its result: a value that can be written as bytes and read again.
pub trait Crosses: Serialize + DeserializeOwned + 'static {}

impl<T: Serialize + DeserializeOwned + 'static> Crosses for T {}

/// What has become of a task. After `Done` the result follows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum TaskStatus {
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

impl TaskStatus {
    /// The error that the task's handle reports, if it is not done.
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

impl From<Error> for TaskStatus {
    fn from(error: Error) -> Self {
        match error {
            Error::TooLarge { size, room } => Self::TooLarge { size, room },
            Error::Encode { type_name, reason } => Self::Encode { type_name, reason },
            Error::Decode { type_name, reason } => Self::Decode { type_name, reason },
            other => Self::Failed(other.to_string()),
        }
    }
}

/// Writes a task's message. Runs in the caller.
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

/// Runs a task: calls its function, and appends the result. Runs in a worker.
pub(super) fn run(functions: &Functions, mut task: &[u8], result: &mut Vec<u8>) -> Result<()> {
    let number = wire::take(&mut task)?;
    functions.call(number, task, result)
}

/// Calls the function with one argument. Runs in a worker.
///
/// Only the caller knows the types `A` and `R`. So the caller names two functions in a task: the one to call, and this
/// one, compiled for its types.
pub(super) fn call<A: Crosses, R: Crosses>(
    function: fn(A) -> R,
    argument: &[u8],
    result: &mut Vec<u8>,
) -> Result<()> {
    wire::append(&function(wire::decode(argument)?), result)
}

/// Calls the function with each argument of a chunk, in order. Runs in a worker.
pub(super) fn call_each<A: Crosses, R: Crosses>(
    function: fn(A) -> R,
    arguments: &[u8],
    results: &mut Vec<u8>,
) -> Result<()> {
    let arguments: Vec<A> = wire::decode(arguments)?;
    wire::append(&arguments.into_iter().map(function).collect::<Vec<R>>(), results)
}
