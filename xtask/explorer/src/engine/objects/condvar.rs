//! A condition variable.

use crate::engine::hash::unordered;

#[derive(Debug, Default)]
pub(crate) struct Condvar {
    /// The threads that are asleep in it.
    waiters: Vec<usize>,
}

impl Condvar {
    pub(crate) fn waiters(&self) -> &[usize] {
        &self.waiters
    }

    pub(crate) fn add(&mut self, waiter: usize) {
        self.waiters.push(waiter);
    }

    pub(crate) fn remove(&mut self, waiter: usize) {
        self.waiters.retain(|other| *other != waiter);
    }

    pub(super) fn fingerprint(&self, names: &impl Fn(usize) -> u64) -> u64 {
        unordered(self.waiters.iter().map(|waiter| names(*waiter)))
    }
}
