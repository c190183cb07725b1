//! Timeouts and deadlines: until when a call waits, and how long it may sleep without a check.

use std::time::{Duration, Instant};

/// The longest sleep without a check. A process that was killed just before it would have woken another one can no
/// longer do so.
pub(crate) const SLICE: Duration = Duration::from_millis(100);

/// How much longer than its deadline a call waits for what a running process does within microseconds, such as
/// releasing the lock of a queue. So a call that must not wait succeeds even if other processes are busy, and a stopped
/// process delays it no longer than this.
#[cfg(feature = "messages")]
pub(crate) const GRACE: Duration = Duration::from_millis(50);

/// The moment at which a timeout that starts now expires. `None`, which means never, if that moment is beyond the
/// clock's end.
pub(crate) fn deadline(timeout: Duration) -> Option<Instant> {
    Instant::now().checked_add(timeout)
}

/// [`GRACE`] after the deadline, or from now if the deadline is over.
#[cfg(feature = "messages")]
pub(crate) fn with_grace(deadline: Option<Instant>) -> Option<Instant> {
    deadline.and_then(|deadline| deadline.max(Instant::now()).checked_add(GRACE))
}

/// When to wake up for the next check: after a slice, or at the deadline if that comes first.
pub(crate) fn next_check(deadline: Option<Instant>) -> Instant {
    let slice = Instant::now() + SLICE;
    deadline.map_or(slice, |deadline| deadline.min(slice))
}

pub(crate) fn is_over(deadline: Option<Instant>) -> bool {
    deadline.is_some_and(|deadline| Instant::now() >= deadline)
}
