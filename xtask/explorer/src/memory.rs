//! Weak memory: which stores a load may read, in the manner of C11.
//!
//! Each thread has a *vector clock*: how many steps of each thread it knows. A load cannot read a store if its thread
//! knows a later store, or knows of a load that has read a later store. A `SeqCst` load cannot read a store that comes
//! before a `SeqCst` store. The stores that are left may be read.
//!
//! The stores of one atomic are ordered as they were made. So two kinds of outcomes that C11 allows are not shown: a
//! load that reads a store made later (load buffering), and stores that take effect in another order than they were
//! made.

use std::sync::atomic::Ordering;

/// How many steps of each thread a thread knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct VectorClock(Vec<u32>);

impl VectorClock {
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn of(&self, thread: usize) -> u32 {
        self.0.get(thread).copied().unwrap_or(0)
    }

    /// Counts a step of this thread, and returns its number.
    pub(crate) fn tick(&mut self, thread: usize) -> u32 {
        if self.0.len() <= thread {
            self.0.resize(thread + 1, 0);
        }
        self.0[thread] += 1;
        self.0[thread]
    }

    /// Learns what the other one knows.
    pub(crate) fn join(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (own, other) in self.0.iter_mut().zip(&other.0) {
            *own = (*own).max(*other);
        }
    }
}

/// What a thread knows, and what its fences hand on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Knowledge {
    pub(crate) clock: VectorClock,
    /// What it knew at its last release fence: its relaxed stores hand that on.
    released: VectorClock,
    /// What its relaxed loads have read: its next acquire fence learns that.
    unread: VectorClock,
}

/// The stores of an atomic, in their order.
#[derive(Debug, Default)]
pub(crate) struct Stores(Vec<Store>);

#[derive(Debug)]
struct Store {
    value: u64,
    thread: usize,
    step: u32,
    /// What a load that acquires learns from it.
    handed_on: VectorClock,
    is_sequential: bool,
    /// The thread and the step of each load that has read it.
    loads: Vec<(usize, u32)>,
}

pub(crate) fn acquires(ordering: Ordering) -> bool {
    matches!(ordering, Ordering::Acquire | Ordering::AcqRel | Ordering::SeqCst)
}

pub(crate) fn releases(ordering: Ordering) -> bool {
    matches!(ordering, Ordering::Release | Ordering::AcqRel | Ordering::SeqCst)
}

impl Stores {
    /// How many stores a load of this thread may read: the newest ones.
    pub(crate) fn visible(&self, clock: &VectorClock, ordering: Ordering) -> usize {
        let knows = |(thread, step): (usize, u32)| clock.of(thread) >= step;
        let hides = |store: &&Store| {
            knows((store.thread, store.step))
                || store.loads.iter().copied().any(knows)
                || (ordering == Ordering::SeqCst && store.is_sequential)
        };
        1 + self.0.iter().rev().take_while(|store| !hides(store)).count().min(self.0.len() - 1)
    }

    /// The value of the store with `later` stores after it.
    pub(crate) fn value(&self, later: usize) -> u64 {
        self.0[self.0.len() - 1 - later].value
    }

    /// Reads the store with `later` stores after it.
    pub(crate) fn load(
        &mut self,
        later: usize,
        thread: usize,
        knowledge: &mut Knowledge,
        ordering: Ordering,
    ) -> u64 {
        let index = self.0.len() - 1 - later;
        let store = &mut self.0[index];
        store.loads.push((thread, knowledge.clock.tick(thread)));
        knowledge.unread.join(&store.handed_on);
        if acquires(ordering) {
            knowledge.clock.join(&store.handed_on);
        }
        store.value
    }

    pub(crate) fn store(
        &mut self,
        value: u64,
        thread: usize,
        knowledge: &mut Knowledge,
        ordering: Ordering,
    ) {
        let step = knowledge.clock.tick(thread);
        let mut handed_on = knowledge.released.clone();
        if releases(ordering) {
            handed_on.join(&knowledge.clock);
        }
        let is_sequential = ordering == Ordering::SeqCst;
        self.0.push(Store { value, thread, step, handed_on, is_sequential, loads: Vec::new() });
    }

    /// Reads the newest store, and adds one that also hands on what that one did.
    pub(crate) fn update(
        &mut self,
        value: u64,
        thread: usize,
        knowledge: &mut Knowledge,
        ordering: Ordering,
    ) {
        self.load(0, thread, knowledge, ordering);
        let before = self.0[self.0.len() - 1].handed_on.clone();
        self.store(value, thread, knowledge, ordering);
        if let Some(store) = self.0.last_mut() {
            store.handed_on.join(&before);
        }
    }
}

impl Knowledge {
    /// A fence. `sequential` is what all `SeqCst` fences so far have known.
    pub(crate) fn fence(
        &mut self,
        thread: usize,
        ordering: Ordering,
        sequential: &mut VectorClock,
    ) {
        self.clock.tick(thread);
        if acquires(ordering) {
            let unread = self.unread.clone();
            self.clock.join(&unread);
        }
        if ordering == Ordering::SeqCst {
            self.clock.join(sequential);
            sequential.join(&self.clock);
        }
        if releases(ordering) {
            self.released = self.clock.clone();
        }
    }

    /// Learns what `clock` knows, and lets it know what this thread knows: a lock was taken or released.
    pub(crate) fn meet(&mut self, thread: usize, clock: &mut VectorClock) {
        self.clock.tick(thread);
        self.clock.join(clock);
        clock.join(&self.clock);
    }
}
