//! Memory that a process shares with its children, see mmap(2).

use std::ptr::{self, NonNull};

const PAGE: usize = 4096;

/// Shared bytes, zero at first. They hold atomics and locks, which several processes use at the same time.
pub struct Mapping {
    start: NonNull<u8>,
    length: usize,
}

impl Mapping {
    /// A mapping of this many bytes. Each page is touched, so that no page fault is timed.
    pub fn new(length: usize) -> Self {
        let rights = libc::PROT_READ | libc::PROT_WRITE;
        let kind = libc::MAP_SHARED | libc::MAP_ANONYMOUS;
        // SAFETY: a new mapping, at an address that the system chooses, touches no memory of ours.
        let start = unsafe { libc::mmap(ptr::null_mut(), length, rights, kind, -1, 0) };
        assert_ne!(start, libc::MAP_FAILED, "mmap failed");
        let start = NonNull::new(start.cast::<u8>()).expect("a mapping does not start at 0");
        for page in (0..length).step_by(PAGE) {
            // SAFETY: inside the mapping, which no other code knows yet.
            unsafe { start.add(page).write_volatile(0) };
        }
        Self { start, length }
    }

    /// The value at its start, which must be valid when all of its bytes are zero.
    ///
    /// # Safety
    ///
    /// `T` consists of atomics, or of types that the C library shares between processes, and all zeros are a valid `T`.
    pub(super) unsafe fn start<T: Sync>(&self) -> &T {
        assert!(size_of::<T>() <= self.length && align_of::<T>() <= PAGE);
        // SAFETY: there is room, mappings begin at a page, and the caller guarantees the rest.
        unsafe { self.start.cast().as_ref() }
    }

    /// The address of a byte.
    pub(super) fn at(&self, offset: usize) -> *mut u8 {
        debug_assert!(offset < self.length);
        // SAFETY: the caller computes a place inside the mapping.
        unsafe { self.start.as_ptr().add(offset) }
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: references into it have ended, since they borrow it. A child has its own mapping.
        unsafe { libc::munmap(self.start.as_ptr().cast(), self.length) };
    }
}
