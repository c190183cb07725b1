//! The right to a task's result.

use std::fmt;
use std::marker::PhantomData;
use std::rc::Rc;
use std::time::{Duration, Instant};

use super::Crosses;
use super::desk::{Answer, Desk};
use super::task::Id;
use crate::sync::deadline;
use crate::{Error, Result, wire};

/// What [`Pool::apply_async`](super::Pool::apply_async) returns at once, in place of the result. Mirrors Python's
/// `AsyncResult`. It stays valid when the pool is closed or terminated. Dropping it drops the result, not the task.
#[must_use = "it is the way to the result, or to the error"]
pub struct Handle<R> {
    desk: Rc<Desk>,
    id: Id,
    result: PhantomData<fn() -> R>,
}

impl<R> Handle<R> {
    pub(super) fn new(desk: &Rc<Desk>, id: Id) -> Self {
        Self { desk: Rc::clone(desk), id, result: PhantomData }
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
        let answer = self.desk.answer(self.id, deadline)?.ok_or(Error::TimedOut)?;
        decode(&answer)
    }

    /// Waits until the task is done or has failed.
    ///
    /// # Errors
    ///
    /// [`Error::System`] if waiting fails. What became of the task, `get` says.
    pub fn wait(&self) -> Result<()> {
        self.desk.answer(self.id, None).map(drop)
    }

    /// Waits, but no longer than the limit: `false` if the task was not done within it.
    ///
    /// # Errors
    ///
    /// Those of [`Handle::wait`].
    pub fn wait_timeout(&self, limit: Duration) -> Result<bool> {
        Ok(self.desk.answer(self.id, deadline(limit))?.is_some())
    }

    /// Whether the task is done or has failed. Never waits.
    pub fn is_ready(&self) -> bool {
        self.wait_timeout(Duration::ZERO).unwrap_or(true)
    }

    /// Calls the callback with the result, once, in this process, while it waits in one of the pool's or a handle's
    /// calls; now, if the task is done. Mirrors `callback` and `error_callback` in one.
    pub fn then(self, callback: impl FnOnce(Result<R>) + 'static) -> Self {
        self.desk.on_answer(self.id, Box::new(|answer| callback(decode(&answer))));
        self
    }
}

fn decode<R: Crosses>(answer: &Answer) -> Result<R> {
    answer.outcome.check()?;
    wire::decode(&answer.values)
}

impl<R> Drop for Handle<R> {
    fn drop(&mut self) {
        self.desk.forget(self.id);
    }
}

impl<R> fmt::Debug for Handle<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").field("id", &self.id).finish_non_exhaustive()
    }
}
