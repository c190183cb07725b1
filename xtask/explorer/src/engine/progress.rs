//! How far the search has come, for a watchdog in another thread.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// The number of points so far, the number of the last one's thread, and its line, in 24, 8 and 32 bits.
static PROGRESS: AtomicU64 = AtomicU64::new(0);

/// The last point that a thread has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LastPoint {
    /// How many points there were.
    pub(crate) points: u64,
    pub(crate) thread: u64,
    pub(crate) line: u64,
}

/// Counts a point.
#[inline]
pub(super) fn advance(thread: usize, line: u32) {
    let points = (PROGRESS.load(Relaxed) >> 40) + 1;
    PROGRESS.store(points << 40 | (thread as u64) << 32 | u64::from(line), Relaxed);
}

/// The last point; none before the first one.
pub(crate) fn last_point() -> Option<LastPoint> {
    let now = PROGRESS.load(Relaxed);
    let last = LastPoint { points: now >> 40, thread: now >> 32 & 0xff, line: now & 0xffff_ffff };
    (now != 0).then_some(last)
}
