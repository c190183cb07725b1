//! What a worker does: take a task, run it, send the result.

use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::builder::Builder;
use super::task::{self, Board, Doing, Id, Outcome};
use crate::process::message;
use crate::{Error, Result, wire};

/// The number of the worker that this process is; 0 in any other.
pub(super) static NUMBER: AtomicUsize = AtomicUsize::new(0);

/// Runs in a worker, to its end: until no task can come any more, or it has done as many as it may.
pub(super) fn work(board: &Board, index: usize, builder: &Builder) -> Result<()> {
    NUMBER.store(index + 1, Ordering::Relaxed);
    // The master reads it when this process has ended.
    let note = |doing: Doing| board.doing[index].store(doing.into(), Ordering::SeqCst);
    let queue = index % board.tasks.len();
    let mut task = Vec::new();
    let mut result = Vec::new();

    (builder.initializer)()?;
    note(Doing::Idle);
    for _ in 0..builder.tasks_per_worker {
        // Noted before it is taken. If this process dies in between, the task is still in the queue.
        let mut id = Id { queue: queue as u32, number: 0 };
        let taken = board.tasks[queue].get(&mut task, None, |number, is_recovered| {
            if is_recovered {
                board.correct(queue, number);
            }
            id.number = number;
            note(Doing::Task(number));
        });
        match taken {
            Ok(()) => {}
            Err(Error::Closed) => break,
            Err(error) => return Err(error),
        }
        answer(board, id, &task, &mut result)?;
        if let Err(error) = board.results.put(&result, None) {
            result.clear();
            wire::append(&(id, Outcome::from(error)), &mut result)?; // It is too large.
            board.results.put(&result, None)?;
        }
        note(Doing::Idle);
    }
    Ok(())
}

/// Runs the task and writes what has become of it. A panic ends the task, not the worker.
fn answer(board: &Board, id: Id, task: &[u8], result: &mut Vec<u8>) -> Result<()> {
    result.clear();
    wire::append(&(id, Outcome::Done), result)?;
    let run = AssertUnwindSafe(|| task::run(&board.functions, task, result));
    let outcome = match panic::catch_unwind(run) {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(error)) => Outcome::from(error),
        Err(panic) => Outcome::Panicked(message(&*panic).to_owned()),
    };
    result.clear();
    wire::append(&(id, outcome), result)
}
