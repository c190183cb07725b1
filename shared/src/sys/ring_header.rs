//! The header of a ring: what both of its sides look at.

use std::ops::Deref;
use std::sync::atomic::{AtomicU32, AtomicU64};

use crate::sys::Atomic;

/// See the module `ring`, which says what the fields mean. Each has its own cache line, so that a change of one
/// does not take the others out of the caches of the processors that read them.
#[derive(Debug, Default)]
pub(crate) struct RingHeader {
    /// Where the next message will be read. Moved by the holder of the readers' lock.
    pub(crate) head: CachePadded<AtomicU64>,
    /// Where the next message will be written. Moved by the holder of the writers' lock.
    pub(crate) tail: CachePadded<AtomicU64>,
    /// The event count on which readers wait for a message.
    pub(crate) arrived: CachePadded<AtomicU32>,
    /// The event count on which writers wait for room.
    pub(crate) freed: CachePadded<AtomicU32>,
    /// 1 once the ring is closed.
    pub(crate) is_closed: CachePadded<AtomicU32>,
}

// SAFETY: all fields are atomic, and the alignment is less than a page.
unsafe impl Atomic for RingHeader {}

/// A value that shares its cache lines with no other. As crossbeam's type of this name: 128 bytes, because Intel's
/// processors fetch lines in pairs.
#[derive(Debug, Default)]
#[repr(align(128))]
pub(crate) struct CachePadded<T>(T);

impl<T> Deref for CachePadded<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
