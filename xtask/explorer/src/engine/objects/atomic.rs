//! An atomic.

use std::sync::atomic::Ordering;

use crate::memory::{Knowledge, Stores, VectorClock};

#[derive(Debug)]
pub(crate) struct Atomic {
    /// The newest value.
    value: u64,
    /// With weak memory, every store that may still be read.
    stores: Stores,
}

/// The thread that uses an atomic, and what it knows; none if memory is sequential.
pub(crate) type Observer<'a> = Option<(usize, &'a mut Knowledge)>;

impl Atomic {
    pub(crate) fn new(value: u64) -> Self {
        Self { value, stores: Stores::default() }
    }

    /// The newest value.
    pub(crate) fn value(&self) -> u64 {
        self.value
    }

    /// With weak memory: how many stores a load may read whose thread knows this.
    pub(crate) fn visible(&self, clock: &VectorClock, ordering: Ordering) -> usize {
        self.stores.visible(clock, ordering)
    }

    /// With weak memory: the value of the store with `later` stores after it.
    pub(crate) fn stored(&self, later: usize) -> u64 {
        self.stores.value(later)
    }

    /// Reads the store with `later` stores after it. With sequential memory, the newest one.
    #[inline]
    pub(crate) fn load(&mut self, later: usize, by: Observer<'_>, ordering: Ordering) -> u64 {
        match by {
            None => self.value,
            Some((thread, knowledge)) => self.stores.load(later, thread, knowledge, ordering),
        }
    }

    #[inline]
    pub(crate) fn store(&mut self, value: u64, by: Observer<'_>, ordering: Ordering) {
        self.value = value;
        if let Some((thread, knowledge)) = by {
            self.stores.store(value, thread, knowledge, ordering);
        }
    }

    /// Reads the newest value, and stores what `change` makes of it, if anything. Returns both.
    pub(crate) fn update(
        &mut self,
        change: impl FnOnce(u64) -> Option<u64>,
        by: Observer<'_>,
        (success, failure): (Ordering, Ordering),
    ) -> (u64, Option<u64>) {
        let before = self.value;
        let after = change(before);
        if let Some((thread, knowledge)) = by {
            match after {
                Some(after) => self.stores.update(after, thread, knowledge, success),
                None => _ = self.stores.load(0, thread, knowledge, failure),
            }
        }
        self.value = after.unwrap_or(before);
        (before, after)
    }
}
