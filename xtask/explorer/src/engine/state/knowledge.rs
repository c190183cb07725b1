//! What threads learn from each other if memory is weak.

use std::sync::atomic::Ordering;

use super::State;
use crate::engine::objects::atomic::{Atomic, Observer};
use crate::engine::op::Id;
use crate::memory::VectorClock;
use crate::report::Memory;

/// The most stores that a load can choose from: a set of them is a `u64`.
const STORES: usize = 64;

impl State {
    /// Lets this thread learn what others have handed on through an object, and hand on what it knows.
    #[inline]
    pub(crate) fn meet(&mut self, object: Id) {
        if self.memory == Memory::Weak {
            self.threads[self.me].knowledge().meet(self.me, self.objects.clock(object));
        }
    }

    /// What this thread knows, for another one. What it learns later is not in it.
    pub(crate) fn hand_on(&mut self) -> VectorClock {
        if self.memory == Memory::Sequential {
            return VectorClock::default();
        }
        let clock = &mut self.threads[self.me].knowledge().clock;
        let handed_on = clock.clone();
        clock.tick(self.me);
        handed_on
    }

    /// Learns what another thread has handed on.
    pub(crate) fn learn(&mut self, clock: &VectorClock) {
        self.this().knowledge().clock.join(clock);
    }

    /// Learns all that a thread knew at its end.
    pub(crate) fn learn_end(&mut self, thread: usize) {
        if self.memory == Memory::Weak {
            let clock = self.threads[thread].knowledge().clock.clone();
            self.learn(&clock);
        }
    }

    pub(crate) fn fence(&mut self, ordering: Ordering) {
        if self.memory == Memory::Sequential {
            return;
        }
        self.threads[self.me].knowledge().fence(self.me, ordering, &mut self.fences);
    }

    /// An atomic, and this thread as the one that uses it.
    #[inline]
    pub(crate) fn atomic(&mut self, id: Id) -> (&mut Atomic, Observer<'_>) {
        let by = match self.memory {
            Memory::Sequential => None,
            Memory::Weak => Some((self.me, self.threads[self.me].knowledge())),
        };
        (self.objects.atomic(id), by)
    }

    /// From how many stores a load of this thread can choose, the newest ones.
    #[inline]
    pub(crate) fn visible(&mut self, id: Id, ordering: Ordering) -> usize {
        match self.atomic(id) {
            (_, None) => 1,
            (atomic, Some((_, knowledge))) => {
                atomic.visible(&knowledge.clock, ordering).min(STORES)
            }
        }
    }
}
