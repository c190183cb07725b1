//! Workers that are started once and then fed.
//!
//! ```text
//! caller ── tasks ──▶ worker         A ring of tasks, in shared memory.
//!    ▲                worker
//!    └──── results ── worker         A ring of results.
//!               ▲       ┆ starts, watches, replaces
//!               └──── master         A process with no other work.
//! ```
//!
//! Tasks and results go straight between caller and workers, so that work goes on while the caller is busy with
//! something else. When a worker dies, the master says which task died with it, and starts another worker.
//!
//! # What a death leaves behind
//!
//! A message is copied into a ring first and counted then, by one store into one number, under a lock that outlives its
//! holder (`ring.rs`). So a process that is killed leaves a whole message or none, wherever it was. A worker notes in
//! shared memory which task it is about to take, and then takes it: each task is either still in the ring or known to be
//! that worker's.
//!
//! # Why there is a master
//!
//! It is a process that does nothing but start, watch and replace workers. Three designs were weighed:
//!
//! - *A socket pair for each worker, served by the master.* Every task and every result would pass through one more
//!   process, and the raw pipe alone, with nothing on top, makes some 1 M tasks a second where rings make 4 M.
//! - *Rings, and workers that are the caller's own children.* One process fewer. But then a dead worker is replaced only
//!   when the caller comes by, and not at all once the caller has a second thread or holds a lock: fork refuses there. A
//!   caller that waits for something else, such as an event that the next task will set, would wait for ever.
//! - *Rings and a master.* Taken: work goes on whatever the caller does, and a fork copies the master's memory, which is
//!   the caller's as it was when the pool was made. The price is a process of some 300 KiB, and that a pool whose master
//!   is killed is lost: its handles say so.
//!
//! # Where to read on
//!
//! | want to know | read | runs in |
//! |---|---|---|
//! | what can be chosen | `pool/builder.rs` | the caller |
//! | what the processes share | `pool/common.rs` | all of them |
//! | what a task is on its way | `pool/task.rs` | caller and workers |
//! | what a worker does | `pool/worker.rs` | each worker |
//! | who watches the workers | `pool/master.rs` | the master |
//! | how tasks go out and results find those who wait | `pool/caller.rs`, `pool/pending.rs`, `pool/handle.rs` | the caller |
//! | how a list becomes tasks | `pool/map.rs` | the caller |

mod builder;
mod caller;
mod common;
mod handle;
mod map;
mod master;
mod pending;
mod task;
mod worker;

use std::num::NonZero;
use std::rc::Rc;
use std::thread;
use std::time::Duration;

pub use self::builder::{Builder, Dispatch};
use self::caller::Caller;
use self::common::Common;
pub use self::handle::Handle;
pub use self::task::Crosses;
use crate::deadline::deadline;
use crate::{Error, Result};

/// Processes that wait for tasks. Mirrors Python's `multiprocessing.Pool`.
///
/// ```
/// fn square(n: u64) -> u64 {
///     n * n
/// }
///
/// let pool = shared::Pool::new(4)?;
/// assert_eq!(pool.map(square, 1..=4)?, [1, 4, 9, 16]);
/// let nine = pool.apply_async(square, 3)?;
/// assert_eq!(nine.get()?, 9);
/// pool.close().join()?;
/// # Ok::<(), shared::Error>(())
/// ```
///
/// A task is a function and its argument. The function crosses as an address, since the workers run the same program;
/// so it must be one that captures nothing. Argument and result cross as bytes.
///
/// No thread helps: results are taken in, and callbacks called, while the caller is in one of the pool's or a handle's
/// calls. A pool that is dropped is terminated, and says so on stderr if a task was not done.
///
/// What Python finds at run time is refused here by the compiler: a task after `close`,
///
/// ```compile_fail,E0382
/// let pool = shared::Pool::new(2)?;
/// let closed = pool.close();
/// pool.apply(u64::count_ones, 7)?;
/// # Ok::<(), shared::Error>(())
/// ```
///
/// `join` before `close`,
///
/// ```compile_fail,E0599
/// shared::Pool::new(2)?.join()?;
/// # Ok::<(), shared::Error>(())
/// ```
///
/// a closure that captures something, and an argument that cannot cross.
///
/// ```compile_fail,E0308
/// let base = 10;
/// shared::Pool::new(2)?.apply(|n: u64| n + base, 7)?;
/// # Ok::<(), shared::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "a pool that is dropped is terminated"]
pub struct Pool {
    caller: Rc<Caller>,
}

/// A pool that takes no further task. It finishes those it has.
#[derive(Debug)]
#[must_use = "a pool that is dropped is terminated, with what it has not finished; join it"]
pub struct Closed {
    pool: Pool,
}

impl Builder {
    /// Starts the master, which starts the workers.
    ///
    /// # Errors
    ///
    /// [`Error::NoWorkers`] if there are none to start, and those of [`Process::start`](crate::Process::start).
    pub fn start(self) -> Result<Pool> {
        if self.workers == 0 {
            return Err(Error::NoWorkers);
        }
        let queues = if self.dispatch == Dispatch::Shared { 1 } else { self.workers };
        let common = Rc::new(Common::new(self.workers, queues, self.room)?);
        let dispatch = self.dispatch;
        let master = master::start(Rc::clone(&common), self)?;
        Ok(Pool { caller: Rc::new(Caller::new(common, master, dispatch)) })
    }
}

impl Pool {
    /// A pool of so many workers.
    ///
    /// # Errors
    ///
    /// Those of [`Builder::start`].
    pub fn new(workers: usize) -> Result<Self> {
        Builder::new(workers).start()
    }

    /// A pool with more choices than the number of its workers.
    pub fn builder() -> Builder {
        Builder::new(Self::default_size())
    }

    /// One worker for each processor that this process may use.
    pub fn default_size() -> usize {
        thread::available_parallelism().map_or(1, NonZero::get)
    }

    /// The number of the worker that this process is, from 1; `None` if it is no worker.
    ///
    /// Call it in a task or an initializer. A worker that replaces another one has the same number and another pid.
    /// Mirrors the number in Python's `current_process().name`.
    ///
    /// ```
    /// let pool = shared::Pool::new(1)?;
    /// assert_eq!(pool.apply(|()| shared::Pool::worker_number(), ())?, Some(1));
    /// assert_eq!(shared::Pool::worker_number(), None);
    /// # Ok::<(), shared::Error>(())
    /// ```
    pub fn worker_number() -> Option<usize> {
        worker::number()
    }

    /// Gives a task to the pool and waits for its result.
    ///
    /// # Errors
    ///
    /// Those of [`Pool::apply_async`] and of [`Handle::get`].
    pub fn apply<A: Crosses, R: Crosses>(&self, function: fn(A) -> R, argument: A) -> Result<R> {
        self.apply_async(function, argument)?.get()
    }

    /// Gives a task to the pool. Waits only if too many bytes of tasks are waiting already.
    ///
    /// # Errors
    ///
    /// - [`Error::TooLarge`] if the argument does not fit
    /// - [`Error::Encode`] if it has no form that can cross
    /// - [`Error::PoolFailed`] if the pool has no workers any more
    #[expect(clippy::needless_pass_by_value, reason = "the task owns its argument, as in a call")]
    pub fn apply_async<A: Crosses, R: Crosses>(
        &self,
        function: fn(A) -> R,
        argument: A,
    ) -> Result<Handle<R>> {
        let task = self.caller.submit(function, task::call, &argument)?;
        Ok(Handle::new(&self.caller, task))
    }

    /// Calls the function for each argument, and returns the results in the order of the arguments.
    ///
    /// The arguments go out in chunks, four for each worker: a message for each would cost more than a small task.
    ///
    /// # Errors
    ///
    /// The error of the first chunk that fails, and the errors of [`Pool::apply_async`].
    pub fn map<A: Crosses, R: Crosses>(
        &self,
        function: fn(A) -> R,
        arguments: impl IntoIterator<Item = A>,
    ) -> Result<Vec<R>> {
        let arguments: Vec<A> = arguments.into_iter().collect();
        let chunk = map::chunk_size(arguments.len(), self.caller.workers());
        self.map_chunks(function, arguments, chunk)
    }

    /// As [`Pool::map`], with so many arguments in a chunk; at least one.
    ///
    /// # Errors
    ///
    /// Those of [`Pool::map`].
    pub fn map_chunks<A: Crosses, R: Crosses>(
        &self,
        function: fn(A) -> R,
        arguments: impl IntoIterator<Item = A>,
        chunk: usize,
    ) -> Result<Vec<R>> {
        map::map(&self.caller, function, arguments, chunk)
    }

    /// Closes the pool. Only what it returns can be joined, and it cannot be given a task.
    pub fn close(self) -> Closed {
        self.caller.close();
        Closed { pool: self }
    }

    /// Kills the workers, wherever they are. Tasks that are not done resolve to
    /// [`Error::Terminated`] at once.
    ///
    /// # Errors
    ///
    /// [`Error::System`] if waiting for the processes fails.
    pub fn terminate(self) -> Result<()> {
        self.caller.terminate()
    }
}

impl Closed {
    /// Waits until all tasks are done and all workers have ended.
    ///
    /// # Errors
    ///
    /// [`Error::PoolFailed`] if the pool lost its workers before. What became of a task, its
    /// handle says.
    pub fn join(self) -> Result<()> {
        self.pool.caller.join(None).map(drop)
    }

    /// Waits for the same, until the timeout expires: `false` if a task or a worker is left then.
    ///
    /// # Errors
    ///
    /// The errors of [`Closed::join`].
    pub fn join_timeout(&mut self, timeout: Duration) -> Result<bool> {
        self.pool.caller.join(deadline(timeout))
    }

    /// Finishes nothing more, as [`Pool::terminate`].
    ///
    /// # Errors
    ///
    /// Those of [`Pool::terminate`].
    pub fn terminate(self) -> Result<()> {
        self.pool.terminate()
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.caller.leave();
    }
}
