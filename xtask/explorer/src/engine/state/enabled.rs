//! When a thread can make its next step.

use super::State;
use crate::engine::op::{Op, Point};

impl State {
    /// Whether the thread could make its next step now.
    #[inline]
    pub(crate) fn is_enabled(&self, thread: usize) -> bool {
        self.is_satisfied(thread) || self.may_give_up(thread)
    }

    /// Whether what the thread waits for is there.
    #[inline]
    pub(crate) fn is_satisfied(&self, thread: usize) -> bool {
        let Point { op, object, .. } = self.threads[thread].next();
        match op {
            Op::Asleep { .. } => false,
            Op::Park { .. } => self.threads[thread].is_unparked(),
            Op::Join(other) => self.threads[other].has_ended(),
            Op::Lock
            | Op::LockShared
            | Op::Send
            | Op::Receive { .. }
            | Op::Offered(_)
            | Op::Pass(_)
            | Op::Once
            | Op::EndScope => self.objects.permits(op, object),
            _ => true,
        }
    }

    /// Whether the thread waits with a timeout, which may end at any time.
    pub(crate) fn may_give_up(&self, thread: usize) -> bool {
        matches!(
            self.threads[thread].next().op,
            Op::Asleep { timed: true, .. } | Op::Receive { timed: true } | Op::Park { timed: true }
        )
    }
}
