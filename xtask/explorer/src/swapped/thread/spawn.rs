//! Starting threads, and waiting for their ends.

use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Result;

use super::handle::Thread;
use crate::engine::threads;
use crate::fiber::Body;

/// What a thread returns, once it has ended.
pub(super) struct Packet<T>(Mutex<Option<Result<T>>>);

impl<T> Packet<T> {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(None)))
    }

    /// What the thread does: it runs `f`, and keeps its result.
    pub(super) fn fill(self: Arc<Self>, f: impl FnOnce() -> T) {
        let result = catch_unwind(AssertUnwindSafe(f));
        threads::drop_locals();
        if result.is_err() && !threads::end_panic() {
            return; // The schedule was abandoned.
        }
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
    }

    /// The result of a thread that has ended.
    #[track_caller]
    pub(super) fn join(&self, thread: usize) -> Result<T> {
        threads::join(thread, Location::caller());
        let result = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        result.expect("a thread that has ended has a result")
    }
}

/// A thread that can be waited for.
pub struct JoinHandle<T> {
    number: usize,
    thread: Thread,
    packet: Arc<Packet<T>>,
}

impl<T> JoinHandle<T> {
    /// Waits for its end.
    ///
    /// # Errors
    ///
    /// The thread has panicked. The error is the value that it panicked with.
    #[track_caller]
    pub fn join(self) -> Result<T> {
        self.packet.join(self.number)
    }

    /// The thread.
    #[must_use]
    pub fn thread(&self) -> &Thread {
        &self.thread
    }
}

impl<T> std::fmt::Debug for JoinHandle<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("JoinHandle").finish_non_exhaustive()
    }
}

/// Starts a thread.
#[track_caller]
pub fn spawn<F, T>(f: F) -> JoinHandle<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    start(None, f)
}

#[track_caller]
fn start<T: 'static>(name: Option<String>, f: impl FnOnce() -> T + 'static) -> JoinHandle<T> {
    let packet = Packet::new();
    let filled = Arc::clone(&packet);
    let body = Body::new(move || filled.fill(f));
    let number = threads::spawn(name, body, None, Location::caller());
    JoinHandle { number, thread: Thread::of(number), packet }
}

/// What a thread is started with.
#[derive(Debug, Default)]
pub struct Builder {
    pub(super) name: Option<String>,
}

impl Builder {
    /// A thread without a name.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With this name.
    #[must_use]
    pub fn name(self, name: String) -> Self {
        Self { name: Some(name) }
    }

    /// With a stack of this size, which is not obeyed.
    #[must_use]
    pub fn stack_size(self, _: usize) -> Self {
        self
    }

    /// Starts the thread.
    ///
    /// # Errors
    ///
    /// None.
    #[track_caller]
    pub fn spawn<F, T>(self, f: F) -> std::io::Result<JoinHandle<T>>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        Ok(start(self.name, f))
    }
}
