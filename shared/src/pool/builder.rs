//! What can be chosen before a pool starts.

use std::fmt;

use crate::Result;

/// Which worker gets the next task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dispatch {
    /// All workers take tasks from one queue: the first that is free gets the next one.
    #[default]
    Shared,
    /// Each worker has its own queue, and the tasks are dealt out in turn.
    RoundRobin,
    /// Each worker has its own queue, and each task goes to a random one.
    Random,
}

/// The options of a pool, before it starts. Made by [`Pool::builder`](crate::Pool::builder).
///
/// ```
/// let pool = shared::Pool::builder().workers(2).tasks_per_worker(100).start()?;
/// assert_eq!(pool.apply(u32::count_ones, 7)?, 3);
/// pool.close().join()?;
/// # Ok::<(), shared::Error>(())
/// ```
#[must_use = "a builder does nothing until it is started"]
pub struct Builder {
    pub(super) workers: usize,
    /// Runs in each worker, before its first task.
    pub(super) initializer: Box<dyn Fn() -> Result<()>>,
    pub(super) tasks_per_worker: usize,
    pub(super) dispatch: Dispatch,
    /// The bytes that each ring has room for.
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

    /// Sets the number of workers. The default is [`Pool::default_size`](crate::Pool::default_size).
    pub fn workers(mut self, workers: usize) -> Self {
        self.workers = workers;
        self
    }

    /// Sets what each worker does before its first task. Mirrors `initializer` and `initargs`.
    ///
    /// It may be a closure that captures something, because the workers inherit it. If it fails, the pool fails. If a
    /// worker is killed in it, another worker tries again, and the tenth kill in a row fails the pool.
    ///
    /// ```
    /// use shared::Pool;
    ///
    /// let greeting = "hello".to_owned();
    /// let pool = Pool::builder().workers(2).initializer(move || {
    ///     println!("worker {}: {greeting}", Pool::worker_number().expect("this is a worker"));
    ///     Ok(())
    /// });
    /// pool.start()?.close().join()?;
    /// # Ok::<(), shared::Error>(())
    /// ```
    pub fn initializer(mut self, initializer: impl Fn() -> Result<()> + 'static) -> Self {
        self.initializer = Box::new(initializer);
        self
    }

    /// Replaces each worker after it has run this many tasks, at least 1. The default is never. Mirrors
    /// `maxtasksperchild`.
    pub fn tasks_per_worker(mut self, tasks: usize) -> Self {
        self.tasks_per_worker = tasks.max(1);
        self
    }

    /// Sets which worker gets the next task. The default is [`Dispatch::Shared`].
    pub fn dispatch(mut self, dispatch: Dispatch) -> Self {
        self.dispatch = dispatch;
        self
    }

    /// Sets the size of each queue of tasks in bytes. The default is 16 MiB. A larger task is refused.
    ///
    /// The ring of results has the same size. Results that do not fit, or that the caller does not take, go to further
    /// memory. Memory is allocated when it is first used.
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
