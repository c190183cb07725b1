//! A scope of threads.

use crate::engine::hash::mix;

#[derive(Debug, Default)]
pub(crate) struct Scope {
    running: usize,
    /// How many of its threads panicked and were not joined.
    panicked: usize,
}

impl Scope {
    #[inline]
    pub(crate) fn thread_starts(&mut self) {
        self.running += 1;
    }

    #[inline]
    pub(crate) fn thread_ends(&mut self) {
        self.running -= 1;
    }

    pub(crate) fn thread_panics(&mut self) {
        self.panicked += 1;
    }

    /// Notes that the panic of a thread was seen by the one that joined it.
    pub(crate) fn panic_joined(&mut self) {
        self.panicked -= 1;
    }

    /// Whether all its threads have ended.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.running == 0
    }

    /// Whether a thread has panicked and was not joined.
    #[inline]
    pub(crate) fn has_panicked(&self) -> bool {
        self.panicked > 0
    }

    pub(super) fn fingerprint(&self) -> u64 {
        mix(self.running as u64, self.panicked as u64)
    }
}
