//! What a worker does: take a task, run it, send the result.

use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicU64, Ordering};

use super::builder::Builder;
use super::shared_state::{SharedState, TaskId, WorkerState};
use super::task::{self, TaskStatus};
use crate::process::panic_message;
use crate::stderr::print_line;
use crate::sys::fork_count;
use crate::{Error, Result, exit, wire};

/// Which worker this process is: its number in the upper half, and [`fork_count`] in the lower half. A child that the
/// worker forks has another count, so it does not take itself for the worker.
static WORKER: AtomicU64 = AtomicU64::new(NO_WORKER);

/// In a process that is no worker. No fork count is that high. As in `sys/fork_count.rs`, a number other than 0 places
/// it on a page that is written to anyway.
const NO_WORKER: u64 = u64::MAX;

/// The number of the worker that this process is, from 1.
pub(super) fn number() -> Option<usize> {
    let worker = WORKER.load(Ordering::Relaxed);
    (worker as u32 == fork_count()).then_some((worker >> 32) as usize)
}

struct Worker<'a> {
    shared: &'a SharedState,
    /// The index of its state in `shared`.
    index: usize,
    /// The queue that its tasks come from.
    queue: usize,
    /// [`fork_count`] of this process.
    forks: u32,
}

/// Runs in a worker, until no task can come any more or it has run as many as it may.
pub(super) fn run(shared: &SharedState, index: usize, builder: &Builder) -> Result<()> {
    let forks = fork_count();
    WORKER.store((index as u64 + 1) << 32 | u64::from(forks), Ordering::Relaxed);
    let worker = Worker { shared, index, queue: shared.queue_of(index), forks };

    let initialized = (builder.initializer)();
    worker.end_copy("initializer");
    initialized?;
    shared.set_state(index, WorkerState::Idle);
    worker.run_tasks(builder.tasks_per_worker)
}

impl Worker<'_> {
    fn run_tasks(&self, count: usize) -> Result<()> {
        let (mut task, mut result) = (Vec::new(), Vec::new());
        for _ in 0..count {
            let Some(id) = self.take(&mut task)? else { break };
            self.execute(id, &task, &mut result)?;
            self.send(id, &mut result)?;
            self.shared.set_state(self.index, WorkerState::Idle);
        }
        Ok(())
    }

    /// Takes the next task, as soon as there is one: `None` if no further task can come.
    fn take(&self, task: &mut Vec<u8>) -> Result<Option<TaskId>> {
        let mut id = TaskId { queue: self.queue as u32, number: 0 };
        // The ring calls this when it has copied the task, before it removes it. If a worker dies in between,
        // the next worker takes this task. In the other order no one would know that the task was lost.
        let claim = |number, is_recovered| {
            if is_recovered {
                // The last worker that held the queue's lock has died with it. It may have claimed this task.
                self.shared.withdraw_claim(self.queue, number);
            }
            id.number = number;
            self.shared.set_state(self.index, WorkerState::Claimed(number));
        };
        match self.shared.tasks[self.queue].get(task, None, claim) {
            Ok(()) => Ok(Some(id)),
            Err(Error::Closed) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Runs the task, and writes the message that reports its result or its failure. A panic ends the task, not the
    /// worker.
    fn execute(&self, id: TaskId, task: &[u8], result: &mut Vec<u8>) -> Result<()> {
        result.clear();
        wire::append(&(id, TaskStatus::Done), result)?;
        let run = AssertUnwindSafe(|| task::run(&self.shared.functions, task, result));
        let ended = panic::catch_unwind(run);
        self.end_copy("task");
        let status = match ended {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(error)) => TaskStatus::from(error),
            Err(panic) => TaskStatus::Panicked(panic_message(panic)),
        };
        result.clear();
        wire::append(&(id, status), result)
    }

    fn send(&self, id: TaskId, result: &mut Vec<u8>) -> Result<()> {
        let Err(error) = self.shared.send(result) else { return Ok(()) };
        result.clear();
        wire::append(&(id, TaskStatus::from(error)), result)?;
        self.shared.send(result)
    }

    /// Ends this process if it is a copy of the worker: a task, or the initializer, has forked and returned in both
    /// processes. A copy would take tasks under the worker's name, and the master would not know when it dies.
    fn end_copy(&self, returned: &str) {
        if fork_count() != self.forks {
            print_line(format_args!(
                "a pool's {returned} forked and returned in the child; end the child with shared::exit"
            ));
            exit(1);
        }
    }
}
