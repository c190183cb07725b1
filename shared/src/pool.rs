//! Workers that are started once and then given tasks.
//!
//! ```text
//! caller ── tasks ──▶ worker         A ring of tasks in shared memory.
//!    ▲                worker
//!    └──── results ── worker         A ring of results.
//!               ▲       ┆ starts, watches, replaces
//!               └──── master         A process that does nothing else.
//! ```
//!
//! Tasks and results go straight from the caller to the workers and back, so the workers go on while the caller is busy
//! with something else. If a worker dies, the master reports which task died with it, and starts another worker.
//!
//! # The path of a task
//!
//! From `pool.apply(square, 7)` to 49, in ten minutes. At each stop read the function that is named, not its file.
//!
//! | process | function | look at |
//! |---|---|---|
//! | caller | `Pool::apply`, `apply_async`, here | `task::call` goes along, compiled for the types of `square` |
//! | caller | `Caller::submit`, `pool/caller.rs` | the message: the function's number, then the argument |
//! | caller | the closure in `Ring::put`, `ring.rs` | copied first, counted last |
//! | worker | `Worker::run_tasks`, `take`, `pool/worker.rs` | the task is *claimed* before it is removed |
//! | worker | the closure in `Ring::get`, `ring.rs` | copied, claimed, removed: in this order |
//! | worker | `Worker::execute`, `pool/worker.rs` | a panic ends the task, not the worker |
//! | worker | `run`, `call`, `pool/task.rs` | a number becomes the function (`Functions::call`, `sys/functions.rs`) |
//! | worker | `SharedState::send`, `pool/shared_state.rs` | the result does not wait for the caller |
//! | caller | `Handle::get_until`, `pool/handle.rs` | it calls `wait_until`, and decodes the result when that returns |
//! | caller | `Caller::wait_until`, `receive`, `deliver`, `pool/caller.rs` | no other thread does this |
//! | caller | `Task::complete`, `pool/pending.rs` | the handle has its bytes; back in `get_until` they become 49 |
//! | master | `Workers::report_loss`, `pool/master.rs` | after a worker's death: its state is read twice |
//!
//! # What a death leaves behind
//!
//! A message exists from one store on, and the lock on the ring survives its holder (`ring.rs`). So a process that is
//! killed leaves a whole message or none. And at any moment a task is in the ring, or a claim says which worker has it.
//!
//! `pool/master.rs` explains why there is a master. `pool/overflow.rs` explains what becomes of results that the caller
//! does not take.

mod builder;
mod caller;
mod handle;
mod map;
mod master;
mod overflow;
mod pending;
mod shared_state;
mod task;
mod worker;

use std::num::NonZero;
use std::rc::Rc;
use std::thread;
use std::time::Duration;

pub use self::builder::{Builder, Dispatch};
use self::caller::Caller;
pub use self::handle::Handle;
use self::shared_state::SharedState;
use crate::deadline::deadline;
use crate::{Error, Message, Result};

/// Worker processes that wait for tasks. Mirrors Python's `multiprocessing.Pool`.
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
/// A task is a function and its argument. The workers run the same program, so the function crosses as an address, and
/// therefore it must not capture anything. The argument and the result cross as bytes.
///
/// No thread helps the caller: it receives results, and calls callbacks, while it is in a call of the pool or of a
/// handle. A pool that is dropped is terminated. If a task was not done, it says so on stderr.
///
/// What Python reports at run time, the compiler refuses here: a task after `close`,
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
/// and a closure that captures something, just like an argument that cannot cross.
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

/// A pool that accepts no further task, and finishes those it has. Returned by [`Pool::close`].
///
/// ```
/// use std::time::Duration;
///
/// use shared::{Pool, clock};
///
/// let pool = Pool::new(1)?;
/// let handle = pool.apply_async(clock::sleep, 0.1)?;
/// let mut closed = pool.close();
/// assert!(!closed.join_timeout(Duration::ZERO)?); // The task is not done.
/// closed.join()?;
/// handle.get()?; // The handle outlives the pool.
/// # Ok::<(), shared::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "a pool that is dropped is terminated, with its unfinished tasks; join it"]
pub struct Closed {
    pool: Pool,
}

impl Builder {
    /// Starts the master, which starts the workers.
    ///
    /// # Errors
    ///
    /// [`Error::NoWorkers`] if the number of workers is 0, and the errors of [`Process::start`](crate::Process::start).
    pub fn start(self) -> Result<Pool> {
        if self.workers == 0 {
            return Err(Error::NoWorkers);
        }
        let queues = if self.dispatch == Dispatch::Shared { 1 } else { self.workers };
        let shared = Rc::new(SharedState::new(self.workers, queues, self.room)?);
        let dispatch = self.dispatch;
        let master = master::start(Rc::clone(&shared), self)?;
        Ok(Pool { caller: Rc::new(Caller::new(shared, master, dispatch)) })
    }
}

impl Pool {
    /// Starts a pool with this number of workers.
    ///
    /// # Errors
    ///
    /// The errors of [`Builder::start`].
    pub fn new(workers: usize) -> Result<Self> {
        Builder::new(workers).start()
    }

    /// The options of a pool that is not started yet. By default it has [`Pool::default_size`] workers.
    pub fn builder() -> Builder {
        Builder::new(Self::default_size())
    }

    /// One worker for each processor that this process may use. Mirrors `os.process_cpu_count()`.
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

    /// Calls the function in a worker, and waits for the result. Mirrors `Pool.apply`.
    ///
    /// # Errors
    ///
    /// The errors of [`Pool::apply_async`] and of [`Handle::get`].
    pub fn apply<A: Message<Received = A>, R: Message<Received = R>>(
        &self,
        function: fn(A) -> R,
        argument: A,
    ) -> Result<R> {
        self.apply_async(function, argument)?.get()
    }

    /// Submits a task and returns at once. Waits only if the queue of tasks is full. Mirrors `Pool.apply_async`.
    ///
    /// Keep the handle: it has the result, and it is the only one to report that the task failed.
    ///
    /// # Errors
    ///
    /// - [`Error::TooLarge`] if the argument is larger than the queue
    /// - [`Error::Encode`] if the argument cannot be encoded
    /// - [`Error::PoolFailed`] if the pool has lost its workers
    /// - [`Error::NotParent`] in a process that the caller has forked
    #[expect(clippy::needless_pass_by_value, reason = "the task owns its argument, as in a call")]
    pub fn apply_async<A: Message<Received = A>, R: Message<Received = R>>(
        &self,
        function: fn(A) -> R,
        argument: A,
    ) -> Result<Handle<R>> {
        let append = |message: &mut Vec<u8>| argument.append(message);
        let task = self.caller.submit(function, task::call, append)?;
        Ok(Handle::new(&self.caller, task))
    }

    /// Calls the function for each argument, and returns the results in the order of the arguments. Mirrors `Pool.map`.
    ///
    /// The arguments are sent in chunks, at most four for each worker. A message for each argument would cost more than
    /// a small task.
    ///
    /// # Errors
    ///
    /// The error of the first chunk that fails, and the errors of [`Pool::apply_async`].
    pub fn map<A: Message<Received = A>, R: Message<Received = R>>(
        &self,
        function: fn(A) -> R,
        arguments: impl IntoIterator<Item = A>,
    ) -> Result<Vec<R>> {
        let arguments: Vec<A> = arguments.into_iter().collect();
        let chunk_size = map::chunk_size(arguments.len(), self.caller.workers());
        self.map_chunks(function, arguments, chunk_size)
    }

    /// Like [`Pool::map`], with a given number of arguments in each chunk, at least 1. Mirrors `chunksize`.
    ///
    /// # Errors
    ///
    /// The errors of [`Pool::map`].
    pub fn map_chunks<A: Message<Received = A>, R: Message<Received = R>>(
        &self,
        function: fn(A) -> R,
        arguments: impl IntoIterator<Item = A>,
        chunk_size: usize,
    ) -> Result<Vec<R>> {
        map::map(&self.caller, function, arguments, chunk_size)
    }

    /// Closes the pool: it accepts no further task. Only a closed pool can be joined.
    pub fn close(self) -> Closed {
        self.caller.close();
        Closed { pool: self }
    }

    /// Kills the workers at once. The handles of tasks that are not done report [`Error::Terminated`].
    ///
    /// # Errors
    ///
    /// [`Error::System`] if waiting for the processes fails; [`Error::NotParent`] in a process that the caller has
    /// forked.
    pub fn terminate(self) -> Result<()> {
        self.caller.terminate()
    }
}

impl Closed {
    /// Waits until all tasks are done and all workers have ended.
    ///
    /// # Errors
    ///
    /// [`Error::PoolFailed`] if the pool lost its workers before. A task that failed is no error here; its handle
    /// reports it.
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

    /// Kills the workers at once, as [`Pool::terminate`].
    ///
    /// # Errors
    ///
    /// The errors of [`Pool::terminate`].
    pub fn terminate(self) -> Result<()> {
        self.pool.terminate()
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.caller.shut_down();
    }
}
