//! Which thread holds something.

use crate::engine::hash::mix;
use crate::engine::op::Place;

/// A thread that holds an object, and the line that took it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Holder {
    pub(crate) thread: usize,
    pub(crate) at: Place,
}

impl Holder {
    /// `names` has a hash for each thread.
    pub(super) fn fingerprint(self, names: &impl Fn(usize) -> u64) -> u64 {
        mix(names(self.thread), u64::from(self.at.line()))
    }
}
