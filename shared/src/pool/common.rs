//! What the processes of a pool have in common: memory that the caller made before it forked.

use std::sync::atomic::Ordering;

use serde::{Deserialize, Serialize};

use crate::Result;
use crate::ring::Ring;
use crate::sys::{AtomicWords, Functions};

/// It is dropped in each process on its own; the memory goes with the last.
#[derive(Debug)]
pub(super) struct Common {
    pub(super) functions: Functions,
    /// One for all workers, or one for each.
    pub(super) tasks: Vec<Ring>,
    pub(super) results: Ring,
    /// For each worker what it is doing; see [`Doing`].
    pub(super) doing: AtomicWords,
}

impl Common {
    pub(super) fn new(workers: usize, queues: usize, room: usize) -> Result<Self> {
        Ok(Self {
            functions: Functions::new()?,
            tasks: (0..queues).map(|_| Ring::new(u32::MAX, room)).collect::<Result<_>>()?,
            results: Ring::new(u32::MAX, room)?,
            doing: AtomicWords::new(workers)?,
        })
    }

    /// A task is still in its queue, and one who may have noted it has died: that one has not taken it.
    pub(super) fn correct(&self, queue: usize, number: u32) {
        let (noted, idle) = (Doing::Task(number).into(), Doing::Idle.into());
        for doing in self.doing[queue..].iter().step_by(self.tasks.len()) {
            let _ = doing.compare_exchange(noted, idle, Ordering::SeqCst, Ordering::SeqCst);
        }
    }
}

/// Which task: each queue numbers its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Id {
    pub(super) queue: u32,
    pub(super) number: u32,
}

impl Id {
    /// No task: a message about the pool itself.
    pub(super) const NONE: Self = Self { queue: u32::MAX, number: 0 };
}

/// What a worker is doing, as it stands in shared memory: one number, so that it changes in one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doing {
    /// Starting, in its initializer.
    Starting,
    /// Between two tasks.
    Idle,
    /// It is about to take the task of this number, or has taken it.
    Task(u32),
}

impl From<Doing> for u64 {
    fn from(doing: Doing) -> Self {
        match doing {
            Doing::Starting => 0,
            Doing::Idle => 1,
            Doing::Task(number) => 2 + Self::from(number),
        }
    }
}

impl From<u64> for Doing {
    fn from(word: u64) -> Self {
        match word {
            0 => Self::Starting,
            1 => Self::Idle,
            task => Self::Task((task - 2) as u32),
        }
    }
}
