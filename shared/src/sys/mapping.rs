//! Memory that a forked child shares with its parent, where other memory is copied.

use std::num::NonZeroUsize;
use std::ptr::NonNull;

use nix::libc::c_void;
use nix::sys::mman::{MapFlags, ProtFlags, mmap_anonymous, munmap};

#[cfg(feature = "messages")]
use crate::sys::Sealed;
use crate::sys::{Error, Result};

/// Pages of zeros without a name: they vanish with the last process that has them mapped. Unmapped when dropped.
#[derive(Debug)]
pub(crate) struct Mapping {
    start: NonNull<c_void>,
    length: NonZeroUsize,
}

// SAFETY: a mapping is an address and a length, the same for every thread. Code that makes references into it answers
// for what they refer to.
unsafe impl Send for Mapping {}
// SAFETY: as above.
unsafe impl Sync for Mapping {}

impl Mapping {
    /// This many bytes, and at least one. The first one is at the start of a page.
    pub(crate) fn new(length: usize) -> Result<Self> {
        let length = NonZeroUsize::new(length).unwrap_or(NonZeroUsize::MIN);
        // SAFETY: without an address the kernel chooses one where nothing is mapped, so no memory in use is replaced.
        let start = unsafe {
            mmap_anonymous(
                None,
                length,
                ProtFlags::PROT_READ | ProtFlags::PROT_WRITE,
                MapFlags::MAP_SHARED,
            )
        };
        Ok(Self { start: start.map_err(Error::call("mmap"))?, length })
    }

    /// All of that memory.
    #[cfg(feature = "messages")]
    pub(crate) fn of(memory: &Sealed) -> Result<Self> {
        let length = memory.length();
        // SAFETY: as above. The memory is sealed: no process can cut off a page that is mapped here.
        let start = unsafe {
            nix::sys::mman::mmap(
                None,
                length,
                ProtFlags::PROT_READ | ProtFlags::PROT_WRITE,
                MapFlags::MAP_SHARED,
                memory,
                0,
            )
        };
        Ok(Self { start: start.map_err(Error::call("mmap"))?, length })
    }

    pub(crate) fn start(&self) -> NonNull<c_void> {
        self.start
    }

    pub(crate) fn length(&self) -> usize {
        self.length.get()
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: the range is this mapping's own, and all of it. Each piece of it keeps the mapping alive (`Arc`), and
        // references borrow from the piece's owner, so none is left. Other processes keep their own mappings.
        let _ = unsafe { munmap(self.start, self.length.get()) };
    }
}
