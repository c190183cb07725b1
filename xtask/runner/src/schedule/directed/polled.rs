//! The descriptors of a thread that waits in poll(2).

use std::io;
use std::os::fd::{AsFd, OwnedFd};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use rustix::process::{ForeignRawFd, Pid, PidfdFlags, PidfdGetfdFlags, pidfd_getfd, pidfd_open};

use super::memory::Memory;

/// A list of `pollfd` in the memory of a held thread.
#[derive(Debug)]
pub(super) struct Polled {
    address: u64,
    entries: Vec<Entry>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    descriptor: ForeignRawFd,
    events: i16,
}

/// The size of a `pollfd`, and where its result is.
const SIZE: u64 = 8;
const RESULT: u64 = 6;

impl Polled {
    pub(super) fn read(tid: i32, address: u64, count: u64) -> io::Result<Self> {
        let bytes = Memory::of(tid)?.bytes(address, count * SIZE)?;
        let entry = |bytes: &[u8]| Entry {
            descriptor: i32::from_ne_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]),
            events: i16::from_ne_bytes([bytes[4], bytes[5]]),
        };
        Ok(Self { address, entries: bytes.chunks_exact(SIZE as usize).map(entry).collect() })
    }

    /// Whether the poll would return at once. It also would if this cannot be found out.
    pub(super) fn is_ready(&self, pid: i32) -> bool {
        self.look(pid).unwrap_or(true)
    }

    fn look(&self, pid: i32) -> io::Result<bool> {
        let process = Pid::from_raw(pid).ok_or(io::ErrorKind::NotFound)?;
        let process = pidfd_open(process, PidfdFlags::empty())?;
        // A negative descriptor is one to ignore.
        let entries = self.entries.iter().filter(|entry| entry.descriptor >= 0);
        let copy = |entry: &Entry| {
            let copy = pidfd_getfd(&process, entry.descriptor, PidfdGetfdFlags::empty())?;
            Ok((copy, PollFlags::from_bits_truncate(entry.events)))
        };
        let copies: Vec<(OwnedFd, PollFlags)> = entries.map(copy).collect::<io::Result<_>>()?;
        let mut waits: Vec<PollFd<'_>> =
            copies.iter().map(|(copy, events)| PollFd::new(copy.as_fd(), *events)).collect();
        Ok(poll(&mut waits, PollTimeout::ZERO)? > 0)
    }

    /// Writes what the kernel writes at a timeout: no descriptor has an event.
    pub(super) fn clear(&self, tid: i32) -> io::Result<()> {
        let memory = Memory::of(tid)?;
        let count = self.entries.len() as u64;
        (0..count).try_for_each(|at| memory.clear_events(self.address + at * SIZE + RESULT))
    }
}
