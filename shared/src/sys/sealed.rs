//! Memory with a descriptor, which can be handed to a process that is already running.

use std::num::NonZeroUsize;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use nix::sys::resource::{Resource, getrlimit};
use rustix::fs::{
    FallocateFlags, MemfdFlags, SealFlags, fallocate, fcntl_add_seals, fcntl_get_seals, fstat,
    memfd_create,
};
use rustix::io::{Errno, pread, pwrite, retry_on_intr};

use crate::sys::{Error, Result};

/// A memfd of a fixed length, see memfd_create(2). It is in no file system, so it vanishes with the last process that has
/// it.
///
/// Sealed against shrinking: no process can cut off a page that another one has mapped.
#[derive(Debug)]
pub(crate) struct Sealed {
    descriptor: OwnedFd,
    length: NonZeroUsize,
}

impl Sealed {
    /// Memory of `length` bytes, all of them 0.
    pub(crate) fn new(length: usize) -> Result<Self> {
        // A file that grows beyond this limit raises SIGXFSZ, which would end the program before it sees the error.
        let (limit, _) = getrlimit(Resource::RLIMIT_FSIZE).map_err(Error::call("getrlimit"))?;
        if length as u64 > limit {
            return Err(Error::call("fallocate")(Errno::FBIG));
        }
        let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
        let descriptor = memfd_create("shared", flags).map_err(Error::call("memfd_create"))?;
        // Takes all pages now: if memory is short this is an error, and later it would be SIGBUS.
        retry_on_intr(|| fallocate(&descriptor, FallocateFlags::empty(), 0, length as u64))
            .map_err(Error::call("fallocate"))?;
        fcntl_add_seals(&descriptor, SealFlags::SHRINK | SealFlags::GROW | SealFlags::SEAL)
            .map_err(Error::call("fcntl"))?;
        Self::received(descriptor)
    }

    /// What another process has handed over, if it is sealed.
    pub(crate) fn received(descriptor: OwnedFd) -> Result<Self> {
        let seals = fcntl_get_seals(&descriptor).map_err(Error::call("fcntl"))?;
        let length = fstat(&descriptor).map_err(Error::call("fstat"))?.st_size as usize;
        match NonZeroUsize::new(length) {
            Some(length) if seals.contains(SealFlags::SHRINK) => Ok(Self { descriptor, length }),
            _ => Err(Error::call("mmap")(Errno::PERM)),
        }
    }

    pub(crate) fn length(&self) -> NonZeroUsize {
        self.length
    }

    /// Writes a number at the very end: whatever lies before it is complete.
    pub(in crate::sys) fn sign(&self, signature: u64) -> Result<()> {
        pwrite(self, &signature.to_ne_bytes(), self.end()).map_err(Error::call("pwrite"))?;
        Ok(())
    }

    /// The number that [`Sealed::sign`] has written; 0 before.
    pub(in crate::sys) fn signature(&self) -> Result<u64> {
        let mut signature = [0; 8];
        pread(self, &mut signature, self.end()).map_err(Error::call("pread"))?;
        Ok(u64::from_ne_bytes(signature))
    }

    fn end(&self) -> u64 {
        self.length.get().saturating_sub(8) as u64
    }
}

impl AsFd for Sealed {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.descriptor.as_fd()
    }
}
