//! Threads that may borrow what their scope outlives.

use std::panic::Location;
use std::sync::Arc;
use std::thread::Result;
use std::{fmt, marker::PhantomData};

pub use crate::fiber::Scope;

use super::handle::Thread;
use super::spawn::{Builder, Packet};
use crate::engine::{Id, threads};
use crate::fiber;

/// A thread of a scope, which can be waited for.
pub struct ScopedJoinHandle<'scope, T> {
    number: usize,
    thread: Thread,
    packet: Arc<Packet<T>>,
    scope: PhantomData<&'scope ()>,
}

/// Calls `f` with a scope, and waits for all threads that were started in it.
///
/// # Panics
///
/// If `f` does, or a thread that was not joined.
#[track_caller]
pub fn scope<'env, F, R>(f: F) -> R
where
    F: for<'scope> FnOnce(&'scope Scope<'scope, 'env>) -> R,
{
    let (id, at) = (threads::open_scope(), Location::caller());
    match fiber::scope(id.0, f, |has_panicked| threads::close_scope(id, has_panicked, at)) {
        Err(panic) => threads::unwind(panic),
        Ok(_) if threads::has_panicked(id) => panic!("a scoped thread panicked"),
        Ok(result) => result,
    }
}

impl<'scope> Scope<'scope, '_> {
    /// Starts a thread.
    #[track_caller]
    pub fn spawn<F, T>(&'scope self, f: F) -> ScopedJoinHandle<'scope, T>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
    {
        self.start(None, f)
    }

    #[track_caller]
    fn start<T: 'scope>(
        &'scope self,
        name: Option<String>,
        f: impl FnOnce() -> T + 'scope,
    ) -> ScopedJoinHandle<'scope, T> {
        let packet = Packet::new();
        let filled = Arc::clone(&packet);
        let body = self.body(move || filled.fill(f));
        let number = threads::spawn(name, body, Some(Id(self.number)), Location::caller());
        ScopedJoinHandle { number, thread: Thread::of(number), packet, scope: PhantomData }
    }
}

impl Builder {
    /// Starts the thread in a scope.
    ///
    /// # Errors
    ///
    /// None.
    #[track_caller]
    pub fn spawn_scoped<'scope, 'env, F, T>(
        self,
        scope: &'scope Scope<'scope, 'env>,
        f: F,
    ) -> std::io::Result<ScopedJoinHandle<'scope, T>>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
    {
        Ok(scope.start(self.name, f))
    }
}

impl<T> ScopedJoinHandle<'_, T> {
    /// Waits for its end.
    ///
    /// # Errors
    ///
    /// The thread has panicked. The error is the value that it panicked with.
    #[track_caller]
    pub fn join(self) -> Result<T> {
        let result = self.packet.join(self.number);
        if result.is_err() {
            threads::panic_joined(self.number);
        }
        result
    }

    /// The thread.
    #[must_use]
    pub fn thread(&self) -> &Thread {
        &self.thread
    }
}

impl<T> fmt::Debug for ScopedJoinHandle<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScopedJoinHandle").finish_non_exhaustive()
    }
}
