//! What threads share: the state of each lock, atomic and channel. What is in them is kept by the types of `swapped`.

use std::collections::VecDeque;

use super::op::Place;
use crate::memory::{Stores, VectorClock};

#[derive(Debug)]
pub(crate) struct Object {
    pub(crate) state: State,
    /// What kind of object it is, in a word, such as `lock`.
    pub(crate) kind: &'static str,
    /// The line that made it.
    pub(crate) made: Place,
    /// A hash that names it in every schedule: of the thread that made it, and how many it had made.
    pub(crate) name: u64,
    /// What the last thread that used it knew. Only with weak memory.
    pub(crate) clock: VectorClock,
}

#[derive(Debug)]
pub(crate) enum State {
    Atomic(Atomic),
    Lock(Lock),
    /// The threads that are asleep in it.
    Condvar(Vec<usize>),
    Channel(Channel),
    Barrier(Barrier),
    Once(Once),
    Scope(Scope),
}

#[derive(Debug)]
pub(crate) struct Atomic {
    pub(crate) value: u64,
    /// With weak memory, every store that may still be read.
    pub(crate) stores: Stores,
}

/// A mutex or a read-write lock.
#[derive(Debug, Default)]
pub(crate) struct Lock {
    pub(crate) writer: Option<Holder>,
    pub(crate) readers: Vec<Holder>,
    pub(crate) is_poisoned: bool,
    /// A hash of what is in it.
    pub(crate) content: u64,
}

/// A thread that holds a lock, and where it took it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Holder {
    pub(crate) thread: usize,
    pub(crate) at: Place,
}

#[derive(Debug)]
pub(crate) struct Channel {
    /// The places of a bounded channel.
    pub(crate) places: Option<usize>,
    pub(crate) senders: usize,
    pub(crate) has_receiver: bool,
    /// A hash of each message, and what its sender knew.
    pub(crate) messages: VecDeque<(u64, VectorClock)>,
    /// How many messages were sent, and received.
    pub(crate) sent: u64,
    pub(crate) taken: u64,
    /// Whether a thread has come for a message, if there are no places.
    pub(crate) is_awaited: bool,
}

impl Channel {
    /// Whether a sender must wait. A channel without places holds one message while its sender waits.
    pub(crate) fn is_full(&self) -> bool {
        self.places.is_some_and(|places| self.messages.len() >= places.max(1))
    }
}

#[derive(Debug)]
pub(crate) struct Barrier {
    pub(crate) size: usize,
    pub(crate) arrived: usize,
    pub(crate) generation: u64,
}

/// What is initialised once.
#[derive(Debug, Default)]
pub(crate) struct Once {
    pub(crate) initialising: Option<Holder>,
    pub(crate) is_done: bool,
    pub(crate) is_poisoned: bool,
    /// A hash of its value.
    pub(crate) content: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Scope {
    pub(crate) running: usize,
    /// How many of its threads panicked and were not joined.
    pub(crate) panicked: usize,
}
