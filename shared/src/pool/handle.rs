//! A task's result, before it is there.

use std::fmt;
use std::marker::PhantomData;
use std::rc::Rc;
use std::time::{Duration, Instant};

use super::caller::Caller;
use super::pending::Task;
use crate::deadline::deadline;
use crate::{Error, Message, Result};

/// A task that was given to a pool. Ask it for the result. Mirrors Python's `AsyncResult`.
///
/// [`Pool::apply_async`](crate::Pool::apply_async) returns it at once. It stays valid when the pool is closed or
/// terminated. If you drop it, the task still runs, but its result is lost, and so is its error.
///
/// ```
/// let pool = shared::Pool::new(2)?;
/// let mut handles = Vec::new();
/// for number in 1..=5 {
///     handles.push(pool.apply_async(|number: u32| number * 10, number)?);
/// }
/// pool.close().join()?;
/// for (number, handle) in (1..).zip(handles) {
///     assert_eq!(handle.get()?, number * 10);
/// }
/// # Ok::<(), shared::Error>(())
/// ```
#[must_use = "only the handle reports that the task failed: keep it, and call get"]
pub struct Handle<R> {
    /// Receives results while this handle waits.
    caller: Rc<Caller>,
    /// Completed by the caller.
    task: Rc<Task>,
    result: PhantomData<fn() -> R>,
}

impl<R> Handle<R> {
    pub(super) fn new(caller: &Rc<Caller>, task: Rc<Task>) -> Self {
        Self { caller: Rc::clone(caller), task, result: PhantomData }
    }
}

impl<R: Message<Received = R>> Handle<R> {
    /// Waits for the result. It can be called again.
    ///
    /// # Errors
    ///
    /// - [`Error::Panicked`] if the task panicked
    /// - [`Error::WorkerDied`] if its worker ended before the task did
    /// - [`Error::Terminated`] if the pool was terminated before the task was done
    /// - [`Error::PoolFailed`] if the pool lost its workers before the task was done
    /// - [`Error::Encode`] or [`Error::Decode`] if the argument or the result cannot cross
    /// - [`Error::TooLarge`] if there was no memory for the result
    /// - [`Error::NotParent`] in a process that the caller has forked
    pub fn get(&self) -> Result<R> {
        self.get_until(None)
    }

    /// Waits for the result, until the timeout expires. The task goes on then, and the handle can be asked again.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use shared::{Error, Pool, clock};
    ///
    /// let pool = Pool::new(1)?;
    /// let handle = pool.apply_async(clock::sleep, 0.1)?;
    /// assert!(matches!(handle.get_timeout(Duration::ZERO), Err(Error::TimedOut)));
    /// handle.get()?;
    /// pool.close().join()?;
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::TimedOut`] if the timeout expires, and the errors of [`Handle::get`].
    pub fn get_timeout(&self, timeout: Duration) -> Result<R> {
        self.get_until(deadline(timeout))
    }

    fn get_until(&self, deadline: Option<Instant>) -> Result<R> {
        self.wait_until(deadline)?;
        R::read(self.task.completion.get().ok_or(Error::TimedOut)?.result()?)
    }

    fn wait_until(&self, deadline: Option<Instant>) -> Result<bool> {
        self.caller.wait_until(deadline, || self.task.completion.get().is_some())
    }

    /// Waits until the task is done or has failed.
    ///
    /// # Errors
    ///
    /// [`Error::System`] if waiting fails. A failed task is no error here; `get` returns its error.
    pub fn wait(&self) -> Result<()> {
        self.wait_until(None).map(drop)
    }

    /// Waits for the same, until the timeout expires: `false` if the task is not done then.
    ///
    /// # Errors
    ///
    /// The errors of [`Handle::wait`].
    pub fn wait_timeout(&self, timeout: Duration) -> Result<bool> {
        self.wait_until(deadline(timeout))
    }

    /// Whether the task is done or has failed. Never waits.
    pub fn is_ready(&self) -> bool {
        self.wait_timeout(Duration::ZERO).unwrap_or(true)
    }

    /// Registers a callback, which is called once, with the result or the error. Mirrors Python's `callback` and
    /// `error_callback` in one.
    ///
    /// No thread calls it. It runs in this process while it is in a call of the pool or of a handle, such as
    /// [`Closed::join`](crate::Closed::join); if the task is done, it runs now. A pool that a panic drops calls none.
    ///
    /// The handle can still be asked, and can have further callbacks. If it is dropped, the callback is still called.
    ///
    /// ```
    /// use std::cell::Cell;
    /// use std::rc::Rc;
    ///
    /// let pool = shared::Pool::new(2)?;
    /// let sum = Rc::new(Cell::new(0));
    /// for word in ["fork", "join"] {
    ///     let sum = Rc::clone(&sum);
    ///     let handle = pool.apply_async(|word: String| word.len(), word.to_owned())?;
    ///     handle.on_done(move |length| sum.set(sum.get() + length.unwrap()));
    /// }
    /// pool.close().join()?;
    /// assert_eq!(sum.get(), 8);
    /// # Ok::<(), shared::Error>(())
    /// ```
    pub fn on_done(&self, callback: impl FnOnce(Result<R>) + 'static) {
        self.task.on_completion(|completion| callback(completion.result().and_then(R::read)));
    }
}

impl<R> fmt::Debug for Handle<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").field("task", &self.task).finish_non_exhaustive()
    }
}
