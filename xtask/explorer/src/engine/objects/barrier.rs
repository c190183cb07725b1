//! A barrier.

use crate::engine::hash::mix;

#[derive(Debug)]
pub(crate) struct Barrier {
    size: usize,
    arrived: usize,
    /// How often all have arrived.
    generation: u64,
}

/// What an arriving thread finds.
pub(crate) struct Arrival {
    /// How many have arrived in this generation, with this thread.
    pub(crate) number: usize,
    pub(crate) size: usize,
    pub(crate) generation: u64,
    /// Whether it is the last one, with which a new generation begins.
    pub(crate) is_leader: bool,
}

impl Barrier {
    pub(crate) fn new(size: usize) -> Self {
        Self { size, arrived: 0, generation: 0 }
    }

    pub(crate) fn arrive(&mut self) -> Arrival {
        let (size, generation) = (self.size, self.generation);
        self.arrived += 1;
        let is_leader = self.arrived >= size;
        let number = if is_leader { size } else { self.arrived };
        if is_leader {
            self.arrived = 0;
            self.generation += 1;
        }
        Arrival { number, size, generation, is_leader }
    }

    /// Whether all threads of this generation have arrived.
    pub(crate) fn has_ended(&self, generation: u64) -> bool {
        self.generation != generation
    }

    pub(super) fn fingerprint(&self) -> u64 {
        mix(self.arrived as u64, self.generation)
    }
}
