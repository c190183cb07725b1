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
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use self::builder::{Builder, Dispatch};
use self::caller::Caller;
pub use self::handle::Handle;
pub use self::map::{Imap, ImapUnordered};
use crate::Result;

/// What a task's argument and its result must be: they cross to another process and back, as bytes.
pub trait Crosses: Serialize + DeserializeOwned + 'static {}

impl<T: Serialize + DeserializeOwned + 'static> Crosses for T {}

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

impl Pool {
    /// A pool of so many workers.
    ///
    /// # Errors
    ///
    /// Those of [`Builder::start`].
    pub fn new(workers: usize) -> Result<Self> {
        Self::builder().workers(workers).start()
    }

    /// A pool with more choices than the number of its workers.
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// One worker for each processor that this process may use.
    pub fn default_size() -> usize {
        thread::available_parallelism().map_or(1, NonZero::get)
    }

    /// In a task or an initializer: the number of its worker, from 1. A worker that takes the place of another one has
    /// its number, and another pid. Mirrors the number in Python's `current_process().name`.
    ///
    /// ```
    /// let pool = shared::Pool::builder().workers(2).dispatch(shared::Dispatch::RoundRobin).start()?;
    /// let workers = pool.map_chunks(|()| shared::Pool::worker(), [(); 4], 1)?;
    /// assert_eq!(workers, [1, 2, 1, 2]);
    /// # Ok::<(), shared::Error>(())
    /// ```
    ///
    /// # Panics
    ///
    /// Outside of a worker.
    ///
    /// ```should_panic
    /// shared::Pool::worker();
    /// ```
    pub fn worker() -> usize {
        let number = worker::NUMBER.load(Ordering::Relaxed);
        assert!(number > 0, "only what runs in a pool's worker can ask for the worker's number");
        number
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
    /// - [`Error::TooLarge`](crate::Error::TooLarge) if the argument does not fit
    /// - [`Error::Encode`](crate::Error::Encode) if it has no form that can cross
    /// - [`Error::PoolFailed`](crate::Error::PoolFailed) if the pool has no workers any more
    #[expect(clippy::needless_pass_by_value, reason = "the task owns its argument, as in a call")]
    pub fn apply_async<A: Crosses, R: Crosses>(
        &self,
        function: fn(A) -> R,
        argument: A,
    ) -> Result<Handle<R>> {
        self.caller.submit(function, task::call, &argument)
    }

    /// Closes the pool. Only what it returns can be joined, and it cannot be given a task.
    pub fn close(self) -> Closed {
        self.caller.close();
        Closed { pool: self }
    }

    /// Kills the workers, wherever they are. Tasks that are not done resolve to
    /// [`Error::Terminated`](crate::Error::Terminated) at once.
    ///
    /// # Errors
    ///
    /// [`Error::System`](crate::Error::System) if waiting for the processes fails.
    pub fn terminate(self) -> Result<()> {
        self.caller.terminate()
    }
}

impl Closed {
    /// Waits until all tasks are done and all workers have ended.
    ///
    /// # Errors
    ///
    /// [`Error::PoolFailed`](crate::Error::PoolFailed) if the pool lost its workers before. What became of a task, its
    /// handle says.
    pub fn join(self) -> Result<()> {
        self.pool.caller.join(None).map(drop)
    }

    /// Waits, but no longer than the limit: `false` if there is something left to do.
    ///
    /// # Errors
    ///
    /// Those of [`Closed::join`].
    pub fn join_timeout(&mut self, limit: Duration) -> Result<bool> {
        self.pool.caller.join(crate::sync::deadline(limit))
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
