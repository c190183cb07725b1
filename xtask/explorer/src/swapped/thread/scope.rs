//! Threads that may borrow what their scope outlives.

use std::panic::Location;
use std::sync::Arc;
use std::thread::Result;
use std::{fmt, marker::PhantomData};

pub use crate::fiber::Scope;

use super::handle::Thread;
use super::spawn::Packet;
use crate::{engine, fiber};

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
    fiber::scope(f)
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
    pub(super) fn start<T: 'scope>(
        &'scope self,
        name: Option<String>,
        f: impl FnOnce() -> T + 'scope,
    ) -> ScopedJoinHandle<'scope, T> {
        let packet = Packet::new();
        let filled = Arc::clone(&packet);
        let number = self.run(name, move || filled.fill(f), Location::caller());
        ScopedJoinHandle { number, thread: Thread::of(number), packet, scope: PhantomData }
    }
}

impl<T> ScopedJoinHandle<'_, T> {
    /// Waits for its end.
    ///
    /// # Errors
    ///
    /// It has panicked: with what.
    #[track_caller]
    pub fn join(self) -> Result<T> {
        let result = self.packet.join(self.number);
        if result.is_err() {
            engine::forgive(self.number);
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
