//! The numbers behind default names: `Process-1`, `Process-2`, and `Process-2:1` for the second one's first child.

use std::sync::{Mutex, PoisonError};

/// Where a process stands among those that its ancestors started, with a colon behind: `2:1:`. Mirrors what Python
/// counts.
#[derive(Debug, Clone)]
pub(crate) struct Identity(String);

/// The identity of this process, and how many children it has started.
static FAMILY: Mutex<(String, u32)> = Mutex::new((String::new(), 0));

impl Identity {
    /// The next child's. Made in the parent, so that it stands even before there is a child, and the child need not
    /// touch memory for it: each page that it touches first costs a microsecond.
    pub(crate) fn next() -> Self {
        let mut family = FAMILY.lock().unwrap_or_else(PoisonError::into_inner);
        family.1 += 1;
        Self(format!("{}{}:", family.0, family.1))
    }

    pub(crate) fn default_name(&self) -> String {
        format!("Process-{}", self.0.trim_end_matches(':'))
    }

    /// Runs in the child: its own children count anew, behind its number.
    pub(crate) fn take_on(self) {
        *FAMILY.lock().unwrap_or_else(PoisonError::into_inner) = (self.0, 0);
    }
}
