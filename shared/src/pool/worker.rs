//! What a worker does: take a task, run it, send the result.

use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::builder::Builder;
use super::common::{Common, Doing, Id};
use super::task::{self, Outcome};
use crate::process::message;
use crate::{Error, Result, wire};

/// The number of the worker that this process is; 0 in any other.
static NUMBER: AtomicUsize = AtomicUsize::new(0);

pub(super) fn number() -> Option<usize> {
    Some(NUMBER.load(Ordering::Relaxed)).filter(|number| *number > 0)
}

/// Runs in a worker, to its end: until no task can come any more, or it has done as many as it may.
pub(super) fn work(common: &Common, index: usize, builder: &Builder) -> Result<()> {
    NUMBER.store(index + 1, Ordering::Relaxed);
    // The master reads it when this process has ended.
    let note = |doing: Doing| common.doing[index].store(doing.into(), Ordering::SeqCst);
    let queue = index % common.tasks.len();
    let mut task = Vec::new();
    let mut result = Vec::new();

    (builder.initializer)()?;
    note(Doing::Idle);
    for _ in 0..builder.tasks_per_worker {
        // Noted before it is taken. If this process dies in between, the task is still in the queue.
        let mut id = Id { queue: queue as u32, number: 0 };
        let taken = common.tasks[queue].get(&mut task, None, |number, is_recovered| {
            if is_recovered {
                common.correct(queue, number);
            }
            id.number = number;
            note(Doing::Task(number));
        });
        match taken {
            Ok(()) => {}
            Err(Error::Closed) => break,
            Err(error) => return Err(error),
        }
        answer(common, id, &task, &mut result)?;
        if let Err(error) = common.results.put(&result, None) {
            result.clear();
            wire::append(&(id, Outcome::from(error)), &mut result)?; // It is too large.
            common.results.put(&result, None)?;
        }
        note(Doing::Idle);
    }
    Ok(())
}

/// Runs the task and writes what has become of it. A panic ends the task, not the worker.
fn answer(common: &Common, id: Id, task: &[u8], result: &mut Vec<u8>) -> Result<()> {
    result.clear();
    wire::append(&(id, Outcome::Done), result)?;
    let run = AssertUnwindSafe(|| task::run(&common.functions, task, result));
    let outcome = match panic::catch_unwind(run) {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(error)) => Outcome::from(error),
        Err(panic) => Outcome::Panicked(message(&*panic).to_owned()),
    };
    result.clear();
    wire::append(&(id, outcome), result)
}
