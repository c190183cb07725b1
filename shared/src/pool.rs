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
//! | step | who | read |
//! |---|---|---|
//! | 1. `pool.apply(square, 7)` submits the task and waits for its handle | caller | `Pool::apply`, here |
//! | 2. The function becomes a number, and the argument becomes bytes behind it | caller | `submit` in `pool/caller.rs`, `number` in `sys/functions.rs` |
//! | 3. The bytes are copied into the ring, then counted. That wakes a worker | caller | `put` in `ring.rs` |
//! | 4. A worker copies the task, *claims* it and removes it from the ring | worker | `take` in `pool/worker.rs`, `get` in `ring.rs` |
//! | 5. The number becomes the function again, which is called | worker | `execute` in `pool/worker.rs`, `call` in `sys/functions.rs`, then `call` in `pool/task.rs` |
//! | 6. The result is sent, and wakes the caller | worker | `send` in `pool/shared_state.rs` |
//! | 7. The caller receives a batch of results, and completes the task of each | caller | `receive` and `deliver` in `pool/caller.rs`, `pool/pending.rs` |
//! | 8. The handle decodes the result | caller | `pool/handle.rs` |
//! | If the worker dies after step 4, the master sends the result: an error | master | `replace` in `pool/master.rs` |
//!
//! `pool/map.rs` makes a task of many arguments. `pool/builder.rs` has the options.
//!
//! # What a death leaves behind
//!
//! A message is copied into a ring first and counted last, by one store to one number, and the lock on the ring
//! survives its holder (`ring.rs`). So a process that is killed leaves a whole message or none, wherever it was. A
//! worker claims a task before it removes it: it writes the task's number into shared memory. So at any moment a task
//! is in the ring, or it is known which worker has it.
//!
//! # What a busy caller leaves waiting
//!
//! The caller has no thread that receives results. If it is elsewhere for a while, the results fill their ring. They
//! must not stop the workers: the caller may be waiting for something that the next task does. So a result that finds
//! no room goes to a file in memory that grows as needed (`pool/overflow.rs`). Only if that file cannot grow does a
//! worker wait until the caller makes room.
//!
//! # Why there is a master
//!
//! Three designs were considered:
//!
//! - *A socket pair for each worker, served by the master.* Every task and every result would pass through one more
//!   process. Even a bare pipe passes some 1 M tasks a second, where rings pass 4 M.
//! - *Rings, and workers that are the caller's children.* This saves a process. But a dead worker is replaced only when
//!   the caller next calls the pool, and never once the caller has a second thread or holds a lock: fork refuses then.
//!   A caller that waits for something else, such as an event that the next task sets, would wait for ever.
//! - *Rings and a master.* This is the design here. The workers are looked after whatever the caller does, and a fork
//!   copies only what the caller had when it made the pool. The price is a process of some 300 KiB, and a single point
//!   of failure: if the master is killed, the pool is lost, and its handles report that.

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
    /// The arguments are sent in chunks, four for each worker: a message for each argument would cost more than a small
    /// task.
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
    /// [`Error::System`] if waiting for the processes fails; [`Error::NotParent`] in a process that the caller has forked.
    pub fn terminate(self) -> Result<()> {
        self.caller.terminate()
    }
}

impl Closed {
    /// Waits until all tasks are done and all workers have ended.
    ///
    /// # Errors
    ///
    /// [`Error::PoolFailed`] if the pool lost its workers before. A task that failed is no error here; its handle reports
    /// it.
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
