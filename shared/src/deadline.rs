//! How long to wait: until a moment in real time, and asleep only in slices.

use std::time::{Duration, Instant};

/// The longest sleep without a look: a process killed just before it would have woken another cannot do so any more.
pub(crate) const SLICE: Duration = Duration::from_millis(100);

/// When a limit that starts now is over. `None`, for ever, if that lies beyond the clock's end.
pub(crate) fn deadline(limit: Duration) -> Option<Instant> {
    Instant::now().checked_add(limit)
}

pub(crate) fn is_over(deadline: Option<Instant>) -> bool {
    deadline.is_some_and(|deadline| Instant::now() >= deadline)
}
