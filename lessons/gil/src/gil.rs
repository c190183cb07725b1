//! What is a GIL?

use std::sync::{Mutex, PoisonError};

/// A global interpreter lock: a thread runs Python only while it holds the lock, and only for a slice of time.
#[derive(Default)]
pub(crate) struct Gil(Mutex<()>);

impl Gil {
    /// Runs a slice of Python code. Only one thread at a time does.
    pub(crate) fn slice<T>(&self, python: impl FnOnce() -> T) -> T {
        let _held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        python()
    }
}
