//! What the processes of a pool share: memory that the caller makes before it forks.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::overflow::Overflow;
use super::task::Functions;
use crate::ring::Ring;
use crate::sys::{Arena, AtomicWords};
use crate::{Error, Result};

/// How long a result waits for room in the ring before it goes to the overflow. A caller that is taking results makes
/// room much sooner.
const ROOM_TIMEOUT: Duration = Duration::from_millis(10);

/// Each process has its own handle to this memory. The memory is freed with the last one.
#[derive(Debug)]
pub(super) struct SharedState {
    /// The functions that tasks have named so far. The caller adds them, the workers look them up.
    pub(super) functions: Functions,
    /// The queues of tasks: one for all workers, or one for each, as [`Dispatch`](super::Dispatch) says. The caller
    /// writes, the workers read.
    pub(super) tasks: Vec<Ring>,
    /// Results, and the master's reports. The workers and the master write, the caller reads.
    pub(super) results: Ring,
    /// Results that did not fit in `results`.
    pub(super) overflow: Overflow,
    /// For each worker its [`WorkerState`]. A worker writes its own, the master reads it when the worker has ended.
    states: AtomicWords,
    /// An instant that has passed: the deadline of a call that must not wait. Asking the clock would take longer.
    pub(super) past: Instant,
}

impl SharedState {
    pub(super) fn new(workers: usize, queues: usize, room: usize) -> Result<Self> {
        let rings = Ring::footprint(room)?.saturating_mul(queues.saturating_add(1));
        let arena = &mut Arena::new(
            [Functions::footprint(), Overflow::footprint(), AtomicWords::footprint(workers)]
                .into_iter()
                .fold(rings, usize::saturating_add),
        );
        let ring = |arena: &mut Arena| Ring::new_in(arena, u32::MAX, room);
        Ok(Self {
            functions: Functions::new_in(arena)?,
            tasks: (0..queues).map(|_| ring(arena)).collect::<Result<_>>()?,
            results: ring(arena)?,
            overflow: Overflow::new_in(arena)?,
            states: AtomicWords::new_in(arena, workers)?,
            past: Instant::now(),
        })
    }

    /// Sends a message to the caller. Runs in workers and in the master.
    ///
    /// It does not wait for the caller, which may be busy elsewhere, or may be waiting for something that this worker's
    /// next task will do. A message that finds no room in the ring goes to the overflow.
    pub(super) fn send(&self, message: &[u8]) -> Result<()> {
        match self.results.put(message, Some(self.past)) {
            Ok(_) => Ok(()),
            Err(error) => self.send_without_room(message, error),
        }
    }

    pub(super) fn workers(&self) -> usize {
        self.states.len()
    }

    /// The queue that this worker takes its tasks from.
    pub(super) fn queue_of(&self, worker: usize) -> usize {
        worker % self.tasks.len()
    }

    pub(super) fn state(&self, worker: usize) -> WorkerState {
        self.states[worker].load(Ordering::SeqCst).into()
    }

    pub(super) fn set_state(&self, worker: usize, state: WorkerState) {
        self.states[worker].store(state.into(), Ordering::SeqCst);
    }

    /// Withdraws the claim to a task that is still in its queue. Whichever worker made it has died.
    pub(super) fn withdraw_claim(&self, queue: usize, number: u32) {
        let (claimed, idle) = (WorkerState::Claimed(number).into(), WorkerState::Idle.into());
        for state in self.states[queue..].iter().step_by(self.tasks.len()) {
            let _ = state.compare_exchange(claimed, idle, Ordering::SeqCst, Ordering::SeqCst);
        }
    }

    /// [`Error::TooLarge`] if the message is longer than the ring and the overflow has no room either.
    fn send_without_room(&self, message: &[u8], error: Error) -> Result<()> {
        let is_too_large = matches!(error, Error::TooLarge { .. });
        // If there are results in the overflow, the caller has not been taking any for a while.
        let mut has_waited = !self.overflow.is_empty();
        loop {
            if (is_too_large || has_waited) && self.overflow.put(message).is_ok() {
                // The caller may have found both empty and gone to sleep since: an empty message wakes it. If the ring
                // has no room even for this, there is something in it, and the caller is not asleep.
                let _ = self.results.put(&[], Some(self.past));
                return Ok(());
            }
            if is_too_large {
                return Err(error);
            }
            if self.results.put(message, Some(Instant::now() + ROOM_TIMEOUT)).is_ok() {
                return Ok(());
            }
            has_waited = true;
        }
    }
}

/// Names a task. Each queue counts its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct TaskId {
    pub(super) queue: u32,
    pub(super) number: u32,
}

impl TaskId {
    /// No task: the message is about the pool.
    pub(super) const POOL: Self = Self { queue: u32::MAX, number: 0 };
}

/// What a worker is doing. One number in shared memory, so that it changes in one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WorkerState {
    /// In its initializer, or before it.
    Starting,
    /// Between two tasks.
    Idle,
    /// It is about to take the task of this number, or has taken it.
    Claimed(u32),
}

impl From<WorkerState> for u64 {
    fn from(state: WorkerState) -> Self {
        match state {
            WorkerState::Starting => 0,
            WorkerState::Idle => 1,
            WorkerState::Claimed(number) => 2 + Self::from(number),
        }
    }
}

impl From<u64> for WorkerState {
    fn from(word: u64) -> Self {
        match word {
            0 => Self::Starting,
            1 => Self::Idle,
            claimed => Self::Claimed((claimed - 2) as u32),
        }
    }
}
