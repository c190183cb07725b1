//! When a thread can make its next step.

use super::Engine;
use super::object::State;
use super::op::{Op, Point};

impl Engine {
    /// Whether the thread could make its next step now.
    #[inline]
    pub(crate) fn is_enabled(&self, thread: usize) -> bool {
        self.is_satisfied(thread) || self.may_give_up(thread)
    }

    /// Whether what the thread waits for is there.
    #[inline]
    pub(crate) fn is_satisfied(&self, thread: usize) -> bool {
        let Point { op, object, .. } = self.threads[thread].next;
        match op {
            Op::Asleep { .. } => false,
            Op::Park { .. } => self.threads[thread].token,
            Op::Join(other) => self.threads[other].has_ended,
            Op::Lock
            | Op::LockShared
            | Op::Send
            | Op::Receive { .. }
            | Op::Offered(_)
            | Op::Pass(_)
            | Op::Once
            | Op::EndScope => self.objects[object.0].state.permits(op),
            _ => true,
        }
    }

    /// Whether the thread waits with a timeout, which may end at any time.
    pub(crate) fn may_give_up(&self, thread: usize) -> bool {
        matches!(
            self.threads[thread].next.op,
            Op::Asleep { timed: true, .. } | Op::Receive { timed: true } | Op::Park { timed: true }
        )
    }
}

impl State {
    /// Whether a step that has to wait for this object can be made now.
    #[inline]
    fn permits(&self, op: Op) -> bool {
        match (op, self) {
            (Op::Lock, Self::Lock(lock)) => lock.writer.is_none() && lock.readers.is_empty(),
            (Op::LockShared, Self::Lock(lock)) => lock.writer.is_none(),
            (Op::Send, Self::Channel(channel)) => !channel.is_full() || !channel.has_receiver,
            (Op::Receive { .. }, Self::Channel(channel)) => {
                !channel.messages.is_empty() || channel.senders == 0
            }
            (Op::Offered(number), Self::Channel(channel)) => {
                channel.taken > number || !channel.has_receiver
            }
            (Op::Pass(generation), Self::Barrier(barrier)) => barrier.generation != generation,
            (Op::Once, Self::Once(once)) => once.initialising.is_none(),
            (Op::EndScope, Self::Scope(scope)) => scope.running == 0,
            (op, state) => unreachable!("{op:?} on {state:?}"),
        }
    }
}
