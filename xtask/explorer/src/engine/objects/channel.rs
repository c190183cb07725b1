//! A channel, without its messages.

use std::collections::VecDeque;

use crate::engine::hash::mix;
use crate::memory::VectorClock;

#[derive(Debug)]
pub(crate) struct Channel {
    /// The capacity, if it is bounded; with 0, a rendezvous.
    capacity: Option<usize>,
    senders: usize,
    has_receiver: bool,
    messages: VecDeque<Sent>,
    /// How many messages were sent, and received.
    sent: u64,
    received: u64,
    /// Whether a thread has come for a message of a rendezvous.
    is_awaited: bool,
}

/// A message on its way.
#[derive(Debug)]
pub(crate) struct Sent {
    /// A hash of the message.
    pub(crate) hash: u64,
    /// What its sender knew.
    pub(crate) clock: VectorClock,
}

impl Channel {
    /// A channel with one sender, and with a limit of messages if it is bounded.
    pub(crate) fn new(capacity: Option<usize>) -> Self {
        Self {
            capacity,
            senders: 1,
            has_receiver: true,
            messages: VecDeque::new(),
            sent: 0,
            received: 0,
            is_awaited: false,
        }
    }

    /// Adds a message, and returns its number.
    pub(crate) fn send(&mut self, message: Sent) -> u64 {
        self.messages.push_back(message);
        self.sent += 1;
        self.sent - 1
    }

    /// Takes the oldest message, if there is one.
    pub(crate) fn receive(&mut self) -> Option<Sent> {
        let message = self.messages.pop_front()?;
        self.received += 1;
        self.is_awaited = false;
        Some(message)
    }

    /// Whether `send` need not wait.
    #[inline]
    pub(crate) fn can_send(&self) -> bool {
        !self.is_full() || !self.has_receiver
    }

    /// Whether `try_send` finds no place. In a rendezvous, a receiver has to wait for the message.
    pub(crate) fn refuses(&self) -> bool {
        self.has_receiver && (self.is_full() || (self.is_rendezvous() && !self.is_awaited))
    }

    /// A rendezvous holds one message while its sender waits.
    #[inline]
    fn is_full(&self) -> bool {
        self.capacity.is_some_and(|capacity| self.messages.len() >= capacity.max(1))
    }

    /// Whether a sender waits until its message is received.
    pub(crate) fn is_rendezvous(&self) -> bool {
        self.capacity == Some(0)
    }

    /// Whether `receive` need not wait.
    #[inline]
    pub(crate) fn can_receive(&self) -> bool {
        !self.messages.is_empty() || self.is_closed()
    }

    /// Whether the sender of this message need not wait for its receiver.
    #[inline]
    pub(crate) fn is_received(&self, number: u64) -> bool {
        self.received > number || !self.has_receiver
    }

    /// Notes whether a thread waits for a message.
    pub(crate) fn set_awaited(&mut self, is_awaited: bool) {
        self.is_awaited = is_awaited;
    }

    /// How many of its places are taken: `1 of 2 places taken`. Without a limit, how many messages wait. A rendezvous
    /// has no place.
    pub(crate) fn fullness(&self) -> Option<String> {
        match (self.capacity, self.messages.len()) {
            (_, 0) if self.is_closed() || !self.has_receiver => Some("closed".to_owned()),
            (Some(0), _) => None,
            (Some(places), taken) => Some(format!("{taken} of {places} places taken")),
            (None, 1) => Some("1 message waits".to_owned()),
            (None, waiting) => Some(format!("{waiting} messages wait")),
        }
    }

    pub(crate) fn has_receiver(&self) -> bool {
        self.has_receiver
    }

    /// Whether all senders are gone.
    #[inline]
    pub(crate) fn is_closed(&self) -> bool {
        self.senders == 0
    }

    pub(crate) fn has_one_sender(&self) -> bool {
        self.senders == 1
    }

    pub(crate) fn add_sender(&mut self) {
        self.senders += 1;
    }

    pub(crate) fn drop_sender(&mut self) {
        self.senders -= 1;
    }

    pub(crate) fn drop_receiver(&mut self) {
        self.has_receiver = false;
        self.messages.clear();
    }

    pub(super) fn fingerprint(&self) -> u64 {
        let ends = (self.senders as u64) << 2
            | u64::from(self.has_receiver) << 1
            | u64::from(self.is_awaited);
        let messages = self.messages.iter();
        mix(messages.fold(self.received, |hash, message| mix(hash, message.hash)), ends)
    }
}
