//! The numbers behind default names: `Process-1`, `Process-2`, and `Process-2:1` for the second one's first child.

use std::sync::{Mutex, PoisonError};

/// A process's number among its parent's children, after its parent's own number: `2:1:`. The numbers look like
/// those of Python's `multiprocessing`, which counts a child when its `Process` is made, not when it is started.
#[derive(Debug, Clone)]
pub(crate) struct Identity(String);

/// The identity of this process, and how many children it has started.
static FAMILY: Mutex<(String, u32)> = Mutex::new((String::new(), 0));

impl Identity {
    /// The next child's. It is made in the parent, before the fork: each page of memory that a child writes to has to
    /// be copied first, which takes a microsecond.
    pub(crate) fn next() -> Self {
        let mut family = FAMILY.lock().unwrap_or_else(PoisonError::into_inner);
        family.1 += 1;
        Self(format!("{}{}:", family.0, family.1))
    }

    pub(crate) fn default_name(&self) -> String {
        format!("Process-{}", self.0.trim_end_matches(':'))
    }

    /// Runs in the child. Its own children are counted from 1, after its number.
    pub(crate) fn adopt(self) {
        *FAMILY.lock().unwrap_or_else(PoisonError::into_inner) = (self.0, 0);
    }
}
