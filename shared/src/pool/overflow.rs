//! Where results go when their ring has no room: a file in memory that grows as needed.
//!
//! The caller has no thread that receives results. If it is elsewhere for a while, the results fill their ring. They
//! must not stop the workers: the caller may be waiting for something that the next task does. Only if this file cannot
//! grow does a worker wait until the caller makes room.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicU64, Ordering};

use rustix::fs::{MemfdFlags, memfd_create};
use rustix::io::Errno;
use rustix::process::{Resource, getrlimit};

use crate::sys::{Arena, LockArray, MutexKind};
use crate::{Error, Result};

/// How many bytes the length of a message takes.
const LENGTH: usize = size_of::<u64>();

/// Messages one after the other, each behind its length. Any process of the pool adds some, only the caller takes them.
///
/// As in a ring, a message is written first and counted last. A process that is killed in between leaves nothing.
#[derive(Debug)]
pub(super) struct Overflow {
    /// A memfd, see memfd_create(2): no file system has it, so it is freed with the pool's last process.
    file: File,
    /// The offsets, and a lock that is held by the process that adds a message. The lock survives its holder.
    writers: LockArray<Offsets, ()>,
}

/// Offsets in the file: up to where the messages have been taken, and up to where they have been written.
type Offsets = (AtomicU64, AtomicU64);

impl Overflow {
    pub(super) fn new_in(arena: &mut Arena) -> Result<Self> {
        let file =
            memfd_create("pool", MemfdFlags::CLOEXEC).map_err(Error::system("memfd_create"))?;
        let offsets = (AtomicU64::new(0), AtomicU64::new(0));
        let writers = LockArray::new_in(arena, offsets, 1, (), MutexKind::ErrorCheck)?;
        Ok(Self { file: file.into(), writers })
    }

    /// The bytes of an arena that it takes.
    pub(super) fn footprint() -> usize {
        LockArray::<Offsets, ()>::footprint(1)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.taken().load(Ordering::Acquire) == self.written().load(Ordering::Acquire)
    }

    /// Adds a message. An error if there is no memory left, or if the limit on the size of files forbids it.
    pub(super) fn put(&self, message: &[u8]) -> Result<()> {
        // A holder that died has left nothing half done: what it had written is not counted.
        let _writer = self.writers.lock(0, None)?;
        let start = self.written().load(Ordering::Acquire);
        let end = start + (LENGTH + message.len()) as u64;
        // To write beyond the limit would raise SIGXFSZ, and end this process.
        if getrlimit(Resource::Fsize).current.is_some_and(|limit| end > limit) {
            return Err(Error::system("pwrite")(Errno::FBIG));
        }
        self.file
            .write_all_at(&(message.len() as u64).to_ne_bytes(), start)
            .and_then(|()| self.file.write_all_at(message, start + LENGTH as u64))
            .map_err(Error::system("pwrite"))?;
        self.written().store(end, Ordering::Release); // From here on the message is there.
        Ok(())
    }

    /// Takes the first message: `false` if there is none. Runs in the caller.
    pub(super) fn take(&self, message: &mut Vec<u8>) -> Result<bool> {
        let start = self.taken().load(Ordering::Relaxed);
        if self.is_empty() {
            return Ok(false);
        }
        let mut length = [0; LENGTH];
        self.file.read_exact_at(&mut length, start).map_err(Error::system("pread"))?;
        message.resize(u64::from_ne_bytes(length) as usize, 0);
        self.file.read_exact_at(message, start + LENGTH as u64).map_err(Error::system("pread"))?;
        self.taken().store(start + (LENGTH + message.len()) as u64, Ordering::Release);
        self.free_memory()?;
        Ok(true)
    }

    /// Empties the file if all messages have been taken. Later will do if a process is adding one.
    fn free_memory(&self) -> Result<()> {
        if !self.is_empty() {
            return Ok(());
        }
        let writer = self.writers.try_lock(0)?;
        if writer.is_some() && self.is_empty() {
            self.file.set_len(0).map_err(Error::system("ftruncate"))?;
            self.taken().store(0, Ordering::Relaxed);
            self.written().store(0, Ordering::Release);
        }
        Ok(())
    }

    fn taken(&self) -> &AtomicU64 {
        &self.writers.header().0
    }

    fn written(&self) -> &AtomicU64 {
        &self.writers.header().1
    }
}
