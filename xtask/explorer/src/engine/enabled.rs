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
        let state = || &self.objects[object.0].state;
        match (op, op_needs(op).then(state)) {
            (_, None) => match op {
                Op::Asleep { .. } => false,
                Op::Park { .. } => self.threads[thread].token,
                Op::Join(other) => self.threads[other].has_ended,
                _ => true,
            },
            (Op::Lock, Some(State::Lock(lock))) => lock.writer.is_none() && lock.readers.is_empty(),
            (Op::LockShared, Some(State::Lock(lock))) => lock.writer.is_none(),
            (Op::Send, Some(State::Channel(channel))) => {
                !channel.is_full() || !channel.has_receiver
            }
            (Op::Receive { .. }, Some(State::Channel(channel))) => {
                !channel.messages.is_empty() || channel.senders == 0
            }
            (Op::Offered(number), Some(State::Channel(channel))) => {
                channel.taken > number || !channel.has_receiver
            }
            (Op::Pass(generation), Some(State::Barrier(barrier))) => {
                barrier.generation != generation
            }
            (Op::Once, Some(State::Once(once))) => once.initialising.is_none(),
            (Op::EndScope, Some(State::Scope(scope))) => scope.running == 0,
            (op, Some(state)) => unreachable!("{op:?} on {state:?}"),
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

/// Whether the step can be made only in some states of its object.
#[inline]
fn op_needs(op: Op) -> bool {
    matches!(
        op,
        Op::Lock
            | Op::LockShared
            | Op::Send
            | Op::Receive { .. }
            | Op::Offered(_)
            | Op::Pass(_)
            | Op::Once
            | Op::EndScope
    )
}
