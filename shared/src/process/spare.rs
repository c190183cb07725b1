//! The lifeline of the child that has been reaped last, kept for the next one.
//!
//! A lifeline takes 10 µs to make and to close, where a fork takes 100. A process that starts one child after the
//! other uses the same one for all of them.

use std::io;
use std::sync::{Mutex, PoisonError};

use crate::descriptor::Descriptor;
use crate::sys::{Lifeline, forks_begun};

/// Both ends of a child's lifeline, open in its parent alone. When that ends and they are closed, the child is killed.
#[derive(Debug)]
pub(super) struct LifelineEnds {
    ends: [Descriptor; 2],
    /// [`forks_begun`] as long as no other process than the child has been forked since the ends were made.
    forks: u32,
}

static SPARE: Mutex<Option<LifelineEnds>> = Mutex::new(None);

/// For the next child: the spare lifeline, or a new one.
pub(super) fn lifeline() -> io::Result<Lifeline> {
    let spare = SPARE.lock().unwrap_or_else(PoisonError::into_inner).take();
    spare.and_then(LifelineEnds::into_lifeline).map_or_else(Lifeline::new, Ok)
}

impl LifelineEnds {
    /// Runs in the parent, straight after fork.
    pub(super) fn new(lifeline: Lifeline) -> Self {
        let forks = lifeline.forks();
        Self { ends: lifeline.into_ends().map(Descriptor::new), forks }
    }

    /// Makes it the spare one. Its child must have been reaped.
    pub(super) fn keep(self) {
        if self.are_private() {
            *SPARE.lock().unwrap_or_else(PoisonError::into_inner) = Some(self);
        }
    }

    fn into_lifeline(self) -> Option<Lifeline> {
        if !self.are_private() {
            return None;
        }
        let [reader, writer] = self.ends.map(Descriptor::into_inner);
        Some(Lifeline::reuse([reader?, writer?]))
    }

    /// Whether no other process can have a copy of an end. The child had, and has gone.
    fn are_private(&self) -> bool {
        self.forks == forks_begun()
    }
}
