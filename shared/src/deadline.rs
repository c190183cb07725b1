//! Timeouts and deadlines: until when a call waits, and how long it may sleep without a look.

use std::time::{Duration, Instant};

/// The longest sleep without a look. A process that was killed just before it would have woken another one can no longer
/// do so.
pub(crate) const SLICE: Duration = Duration::from_millis(100);

/// The moment at which a timeout that starts now expires. `None`, which means never, if that moment is beyond the
/// clock's end.
pub(crate) fn deadline(timeout: Duration) -> Option<Instant> {
    Instant::now().checked_add(timeout)
}

pub(crate) fn is_over(deadline: Option<Instant>) -> bool {
    deadline.is_some_and(|deadline| Instant::now() >= deadline)
}
