//! Memory that a forked child shares with its parent, where other memory is copied.

use std::alloc::Layout;
use std::marker::PhantomData;
use std::num::NonZeroUsize;
use std::ops::Deref;
use std::ptr::NonNull;
use std::slice;
use std::sync::atomic::AtomicU64;

use nix::libc::c_void;
use nix::sys::mman::{MapFlags, ProtFlags, mmap_anonymous, munmap};

use super::Atomic;
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
    /// Room for `layout`. Its start is aligned to a page, and no type here asks for more.
    pub(crate) fn new(layout: Layout) -> Result<Self> {
        let length = NonZeroUsize::new(layout.size()).unwrap_or(NonZeroUsize::MIN);
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
        // SAFETY: the range is this mapping's own, and all of it. Its users borrow from the mapping's owner, so none is
        // left. Other processes keep their own mappings.
        let _ = unsafe { munmap(self.start, self.length.get()) };
    }
}

/// A value that processes share. Every operation on it is atomic.
#[derive(Debug)]
pub(crate) struct Shared<T> {
    mapping: Mapping,
    value: PhantomData<T>,
}

// SAFETY: it hands out nothing but `&T`, and an `Atomic` type may be used from any thread (it is Send and Sync).
unsafe impl<T: Atomic> Send for Shared<T> {}
// SAFETY: as above.
unsafe impl<T: Atomic> Sync for Shared<T> {}

impl<T: Atomic> Shared<T> {
    pub(crate) fn new(value: T) -> Result<Self> {
        let mapping = Mapping::new(Layout::new::<T>())?;
        // SAFETY: the mapping is new, long enough for a `T`, and starts at a page, which is aligned for every `Atomic`.
        unsafe { mapping.start().cast::<T>().write(value) };
        Ok(Self { mapping, value: PhantomData })
    }

    pub(crate) fn get(&self) -> &T {
        // SAFETY: it was written in `new` and stays mapped as long as `self`. Other processes change it meanwhile, but
        // an `Atomic` type can be changed only by atomic operations.
        unsafe { self.mapping.start().cast::<T>().as_ref() }
    }
}

/// An array of atomic numbers that processes share. All of them are 0 at first.
#[derive(Debug)]
pub(crate) struct AtomicWords {
    mapping: Mapping,
    length: usize,
}

impl AtomicWords {
    pub(crate) fn new(length: usize) -> Result<Self> {
        let layout = Layout::array::<AtomicU64>(length).map_err(|_| Error::too_large())?;
        Ok(Self { mapping: Mapping::new(layout)?, length })
    }

    /// As many words as that memory has room for.
    #[cfg(feature = "messages")]
    pub(crate) fn of(memory: &Sealed) -> Result<Self> {
        let mapping = Mapping::of(memory)?;
        let length = mapping.length() / size_of::<AtomicU64>();
        Ok(Self { mapping, length })
    }
}

impl Deref for AtomicWords {
    type Target = [AtomicU64];

    fn deref(&self) -> &[AtomicU64] {
        // SAFETY: the mapping has room for `length` words and stays as long as `self`. A page is aligned for them, any bytes
        // are a value of each, and every process changes them only by atomic operations.
        unsafe { slice::from_raw_parts(self.mapping.start().cast().as_ptr(), self.length) }
    }
}
