//! A function and many arguments: they go out in chunks, one task each, and their results come back as one list.

use super::caller::Caller;
use super::task;
use crate::{Error, Message, Result};

/// How many chunks `map` makes for each worker: enough that a worker that is done early finds another one.
const CHUNKS_PER_WORKER: usize = 4;

/// How many arguments `map` puts in a chunk.
pub(super) fn chunk_size(arguments: usize, workers: usize) -> usize {
    arguments.div_ceil(CHUNKS_PER_WORKER * workers)
}

/// Submits all chunks, then collects their results in the order of the arguments.
pub(super) fn map<A: Message<Received = A>, R: Message<Received = R>>(
    caller: &Caller,
    function: fn(A) -> R,
    arguments: impl IntoIterator<Item = A>,
    chunk_size: usize,
) -> Result<Vec<R>> {
    let mut arguments = arguments.into_iter().fuse(); // It is asked once more after its end.
    let mut tasks = Vec::new();
    loop {
        let chunk: Vec<A> = arguments.by_ref().take(chunk_size.max(1)).collect();
        if chunk.is_empty() {
            break;
        }
        let append = |message: &mut Vec<u8>| task::append_chunk::<A>(&chunk, message);
        tasks.push(caller.submit(function, task::call_each, append)?);
    }
    let mut results = Vec::new();
    for task in tasks {
        caller.wait_until(None, || task.completion.get().is_some())?;
        let chunk = task.completion.get().ok_or(Error::TimedOut)?.result()?;
        results.extend(task::read_chunk::<R>(chunk)?);
    }
    Ok(results)
}
