//! Waiting until a number of threads have come.

use std::panic::Location;

use crate::engine::objects::Object;
use crate::engine::objects::barrier::{self, Arrival};
use crate::engine::{self, Id, Op};

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

impl Barrier {
    /// A barrier for `size` threads.
    #[track_caller]
    pub fn new(size: usize) -> Self {
        let barrier = Object::Barrier(barrier::Barrier::new(size));
        let made = Location::caller();
        Self { id: engine::with(|engine| engine.state().make("barrier", barrier, made)) }
    }

    /// Waits until as many threads have come as the barrier is for.
    #[track_caller]
    pub fn wait(&self) -> BarrierWaitResult {
        let at = Location::caller();
        let (generation, is_leader) = engine::act(Op::Arrive, self.id, at, |engine| {
            let state = engine.state();
            state.meet(self.id);
            let Arrival { number, size, generation, is_leader } =
                state.objects().barrier(self.id).arrive();
            engine.did(is_leader.into(), |state| {
                format!("arrives at {}, as number {number} of {size}", state.object_name(self.id))
            });
            (generation, is_leader)
        });
        if !is_leader {
            engine::act(Op::Pass(generation), self.id, at, |engine| {
                engine.state().meet(self.id);
                engine.did(0, |state| format!("goes on from {}", state.object_name(self.id)));
            });
        }
        BarrierWaitResult(is_leader)
    }
}
