//! The right to a task's result.

use std::fmt;
use std::marker::PhantomData;
use std::rc::Rc;
use std::time::{Duration, Instant};

use super::caller::Caller;
use super::pending::{Answer, Task};
use super::task::Crosses;
use crate::deadline::deadline;
use crate::{Error, Result, wire};

/// What [`Pool::apply_async`](crate::Pool::apply_async) returns at once, in place of the result. Mirrors Python's
/// `AsyncResult`. It stays valid when the pool is closed or terminated. Dropping it drops the result, not the task.
#[must_use = "a task that fails tells only its handle: keep it, and call get"]
pub struct Handle<R> {
    caller: Rc<Caller>,
    task: Rc<Task>,
    result: PhantomData<fn() -> R>,
}

impl<R> Handle<R> {
    pub(super) fn new(caller: &Rc<Caller>, task: Rc<Task>) -> Self {
        Self { caller: Rc::clone(caller), task, result: PhantomData }
    }
}

impl<R: Crosses> Handle<R> {
    /// Waits for the result. May be called again.
    ///
    /// # Errors
    ///
    /// - [`Error::Panicked`] if the task panicked
    /// - [`Error::WorkerDied`] if its worker ended before it was done
    /// - [`Error::Terminated`] if the pool was terminated before
    /// - [`Error::PoolFailed`] if the pool lost its workers before
    /// - [`Error::Encode`], [`Error::Decode`], [`Error::TooLarge`] if argument or result cannot cross
    pub fn get(&self) -> Result<R> {
        self.get_until(None)
    }

    /// Waits for the result, until the timeout expires.
    ///
    /// # Errors
    ///
    /// [`Error::TimedOut`], and those of [`Handle::get`].
    pub fn get_timeout(&self, timeout: Duration) -> Result<R> {
        self.get_until(deadline(timeout))
    }

    fn get_until(&self, deadline: Option<Instant>) -> Result<R> {
        self.wait_until(deadline)?;
        decode(self.task.answer.get().ok_or(Error::TimedOut)?)
    }

    fn wait_until(&self, deadline: Option<Instant>) -> Result<bool> {
        self.caller.wait_until(deadline, || self.task.answer.get().is_some())
    }

    /// Waits until the task is done or has failed.
    ///
    /// # Errors
    ///
    /// [`Error::System`] if waiting fails. What became of the task, `get` says.
    pub fn wait(&self) -> Result<()> {
        self.wait_until(None).map(drop)
    }

    /// Waits for the same, until the timeout expires: `false` if the task is not done then.
    ///
    /// # Errors
    ///
    /// Those of [`Handle::wait`].
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
    /// The handle can still be asked, and can have further callbacks. It can also be dropped: the callback stays.
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
        self.task.on_answer(|answer| callback(decode(answer)));
    }
}

fn decode<R: Crosses>(answer: &Answer) -> Result<R> {
    answer.outcome.check()?;
    wire::decode(&answer.result)
}

impl<R> fmt::Debug for Handle<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").field("task", &self.task).finish_non_exhaustive()
    }
}
