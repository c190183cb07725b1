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
#[must_use = "it is the way to the result, or to the error"]
pub struct Handle<R> {
    caller: Rc<Caller>,
    task: Rc<Task>,
    result: PhantomData<fn() -> R>,
}

impl<R> Handle<R> {
    pub(super) fn new(caller: &Rc<Caller>, task: Rc<Task>) -> Self {
        Self { caller: Rc::clone(caller), task, result: PhantomData }
    }

    /// Calls the callback once, when the task is done or has failed, whatever came of it.
    pub(super) fn on_answer(&self, callback: impl FnOnce() + 'static) {
        self.task.on_answer(|_| callback());
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

    /// Waits for the result, but no longer than the limit.
    ///
    /// # Errors
    ///
    /// [`Error::TimedOut`], and those of [`Handle::get`].
    pub fn get_timeout(&self, limit: Duration) -> Result<R> {
        self.get_until(deadline(limit))
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

    /// Waits, but no longer than the limit: `false` if the task was not done within it.
    ///
    /// # Errors
    ///
    /// Those of [`Handle::wait`].
    pub fn wait_timeout(&self, limit: Duration) -> Result<bool> {
        self.wait_until(deadline(limit))
    }

    /// Whether the task is done or has failed. Never waits.
    pub fn is_ready(&self) -> bool {
        self.wait_timeout(Duration::ZERO).unwrap_or(true)
    }

    /// Calls the callback with the result, once, in this process, while it waits in one of the pool's or a handle's
    /// calls; now, if the task is done. A pool that is dropped by a panic calls none. Mirrors `callback` and
    /// `error_callback` in one.
    pub fn then(self, callback: impl FnOnce(Result<R>) + 'static) -> Self {
        self.task.on_answer(|answer| callback(decode(answer)));
        self
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
