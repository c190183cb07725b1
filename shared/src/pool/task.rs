//! What crosses from the caller to the workers, and back.
//!
//! A task's message is the number of its function and the argument. A result's message is the [`TaskId`], the
//! [`TaskStatus`] and the value that the function has returned.
//!
//! [`TaskId`]: super::shared_state::TaskId

use serde::{Deserialize, Serialize};

use crate::{Error, Exit, Message, Pid, Result, sys, wire};

/// The functions that a pool's tasks name.
pub(super) type Functions = sys::Functions<Error>;
/// What calls one of them: [`call`] or [`call_each`].
pub(super) type Call<F> = sys::Call<F, Error>;

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

/// Runs a task: calls its function, and appends the result. Runs in a worker.
pub(super) fn run(functions: &Functions, mut task: &[u8], result: &mut Vec<u8>) -> Result<()> {
    let number = wire::take(&mut task)?;
    let unknown = || Error::other(format!("there is no function of number {number}"));
    functions.call(number, task, result).ok_or_else(unknown)?
}

/// Calls the function with one argument. Runs in a worker.
///
/// Only the caller knows the types `A` and `R`. So the caller names two functions in a task: the one to call, and this
/// one, compiled for its types.
pub(super) fn call<A: Message<Received = A>, R: Message<Received = R>>(
    function: fn(A) -> R,
    argument: &[u8],
    result: &mut Vec<u8>,
) -> Result<()> {
    function(A::read(argument)?).append(result)
}

/// Calls the function with each argument of a chunk, in order. Runs in a worker.
pub(super) fn call_each<A: Message<Received = A>, R: Message<Received = R>>(
    function: fn(A) -> R,
    arguments: &[u8],
    results: &mut Vec<u8>,
) -> Result<()> {
    let arguments = read_chunk::<A>(arguments)?;
    append_chunk::<R>(&arguments.into_iter().map(function).collect::<Vec<R>>(), results)
}

/// Writes a chunk of arguments, or of results. It is generic over the message type `M`, because the trait promises of
/// `M::Received`, and only of that, that it can be encoded.
pub(super) fn append_chunk<M: Message>(chunk: &[M::Received], bytes: &mut Vec<u8>) -> Result<()> {
    wire::append(chunk, bytes)
}

/// Reads what [`append_chunk`] has written.
pub(super) fn read_chunk<M: Message>(bytes: &[u8]) -> Result<Vec<M::Received>> {
    wire::decode(bytes)
}
