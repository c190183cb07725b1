//! What can be chosen before a pool starts.

use std::fmt;

use crate::Result;

/// Who gets the next task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dispatch {
    /// All workers take from one queue: whoever is free is next.
    #[default]
    Shared,
    /// Each worker has a queue of its own, and they are filled in turn.
    RoundRobin,
    /// Each worker has a queue of its own, and one is drawn for each task.
    Random,
}

/// What a pool will be, before it is started; made by [`Pool::builder`](crate::Pool::builder).
#[must_use = "a builder does nothing until it is started"]
pub struct Builder {
    pub(super) workers: usize,
    pub(super) initializer: Box<dyn Fn() -> Result<()>>,
    pub(super) tasks_per_worker: usize,
    pub(super) dispatch: Dispatch,
    pub(super) room: usize,
}

impl Builder {
    pub(super) fn new(workers: usize) -> Self {
        Self {
            workers,
            initializer: Box::new(|| Ok(())),
            tasks_per_worker: usize::MAX,
            dispatch: Dispatch::default(),
            room: 16 << 20,
        }
    }

    /// How many workers there will be; otherwise [`Pool::default_size`](crate::Pool::default_size).
    pub fn workers(mut self, workers: usize) -> Self {
        self.workers = workers;
        self
    }

    /// What each worker does first. A closure that captures will do: workers inherit it. If it fails, the pool
    /// fails, as it does if ten workers in a row are killed in it.
    pub fn initializer(mut self, initializer: impl Fn() -> Result<()> + 'static) -> Self {
        self.initializer = Box::new(initializer);
        self
    }

    /// After so many tasks a worker ends, and another one takes its place; at least one.
    pub fn tasks_per_worker(mut self, tasks: usize) -> Self {
        self.tasks_per_worker = tasks.max(1);
        self
    }

    /// Who gets the next task; otherwise whoever is free.
    pub fn dispatch(mut self, dispatch: Dispatch) -> Self {
        self.dispatch = dispatch;
        self
    }

    /// How many bytes of tasks can wait in each queue, and of results; otherwise 16 MiB. A task or result that is larger
    /// is an error. The memory is taken when it is first used, not before.
    pub fn room(mut self, bytes: usize) -> Self {
        self.room = bytes;
        self
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut builder = f.debug_struct("Builder");
        builder.field("workers", &self.workers).field("dispatch", &self.dispatch);
        builder.finish_non_exhaustive()
    }
}
