//! Waiting until a number of threads have come.

use std::panic::Location;

use crate::engine::object::{self, State};
use crate::engine::{self, Engine, Id, Op};

/// A place where threads wait for each other, as `std::sync::Barrier`.
#[derive(Debug)]
pub struct Barrier {
    id: Id,
}

/// Whether a thread was the last one at a barrier.
#[derive(Debug)]
pub struct BarrierWaitResult(bool);

impl BarrierWaitResult {
    /// Whether it is the last one that came.
    #[must_use]
    pub fn is_leader(&self) -> bool {
        self.0
    }
}

impl Engine {
    fn barrier(&mut self, id: Id) -> &mut object::Barrier {
        match &mut self.objects[id.0].state {
            State::Barrier(barrier) => barrier,
            other => unreachable!("{other:?} is no barrier"),
        }
    }
}

impl Barrier {
    /// A barrier for `size` threads.
    #[track_caller]
    pub fn new(size: usize) -> Self {
        let state = State::Barrier(object::Barrier { size, arrived: 0, generation: 0 });
        let made = Location::caller();
        Self { id: engine::with(|engine| engine.make("barrier", state, made)) }
    }

    /// Waits until as many threads have come as the barrier is for.
    #[track_caller]
    pub fn wait(&self) -> BarrierWaitResult {
        let at = Location::caller();
        let (generation, is_leader) = engine::act(Op::Arrive, self.id, at, |engine| {
            engine.meet(self.id);
            let barrier = engine.barrier(self.id);
            let generation = barrier.generation;
            barrier.arrived += 1;
            let is_leader = barrier.arrived >= barrier.size;
            if is_leader {
                barrier.arrived = 0;
                barrier.generation += 1;
            }
            let (came, size) =
                (if is_leader { barrier.size } else { barrier.arrived }, barrier.size);
            engine.did(is_leader.into(), |engine| {
                format!("arrives at {}, as number {came} of {size}", engine.object_name(self.id))
            });
            (generation, is_leader)
        });
        if !is_leader {
            engine::act(Op::Pass(generation), self.id, at, |engine| {
                engine.meet(self.id);
                engine.did(0, |engine| format!("goes on from {}", engine.object_name(self.id)));
            });
        }
        BarrierWaitResult(is_leader)
    }
}
