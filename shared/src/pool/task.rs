//! What goes from the caller to the workers, and back.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::sys::{Call, Functions};
use crate::{Error, Exit, Pid, Result, wire};

/// What a task's argument and its result must be: they cross to another process and back, as bytes.
pub trait Crosses: Serialize + DeserializeOwned + 'static {}

impl<T: Serialize + DeserializeOwned + 'static> Crosses for T {}

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
