//! What a thread waits for that has called poll(2), epoll_wait(2), or recvfrom(2) of a socket with a timeout.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::time::Duration;

use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::libc;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use rustix::net::sockopt::{Timeout, socket_timeout};
use rustix::process::{ForeignRawFd, PidfdGetfdFlags, pidfd_getfd};

use super::memory::Memory;
use crate::pidfd;

/// The descriptors of a held thread, and the events that it waits for.
#[derive(Debug)]
pub(super) struct Polled {
    call: Waiting,
    entries: Vec<Entry>,
}

/// The call in which it waits.
#[derive(Debug, Clone, Copy)]
enum Waiting {
    /// poll, with a list of `pollfd` in the memory of the thread.
    Poll {
        address: u64,
    },
    Epoll,
    Receive,
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
    /// What poll waits for.
    pub(super) fn poll(tid: i32, address: u64, count: u64) -> io::Result<Self> {
        let bytes = Memory::of(tid)?.bytes(address, count * SIZE)?;
        let entry = |bytes: &[u8]| Entry {
            descriptor: i32::from_ne_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]),
            events: i16::from_ne_bytes([bytes[4], bytes[5]]),
        };
        let entries = bytes.chunks_exact(SIZE as usize).map(entry).collect();
        Ok(Self { call: Waiting::Poll { address }, entries })
    }

    /// What epoll_wait waits for. The descriptor of an epoll can be polled itself.
    pub(super) fn epoll(descriptor: ForeignRawFd) -> Self {
        Self { call: Waiting::Epoll, entries: vec![Entry::input(descriptor)] }
    }

    /// What recvfrom waits for, and how long. None if it does not have to wait, or waits for ever.
    pub(super) fn receive(
        pid: i32,
        descriptor: ForeignRawFd,
    ) -> io::Result<Option<(Self, Duration)>> {
        let polled = Self { call: Waiting::Receive, entries: vec![Entry::input(descriptor)] };
        let socket = pidfd_getfd(&pidfd::open(pid)?, descriptor, PidfdGetfdFlags::empty())?;
        let timeout = socket_timeout(&socket, Timeout::Recv)?;
        let waits = !OFlag::from_bits_retain(fcntl(&socket, FcntlArg::F_GETFL)?)
            .contains(OFlag::O_NONBLOCK)
            && !polled.is_ready(pid);
        Ok(timeout.filter(|_| waits).map(|timeout| (polled, timeout)))
    }

    /// Whether a thread that can go on does so unasked, as one does that reads from a pipe.
    pub(super) fn goes_on_unasked(&self, has_timeout: bool) -> bool {
        !has_timeout || matches!(self.call, Waiting::Receive)
    }

    /// Whether the call would return at once. It also would if this cannot be found out.
    pub(super) fn is_ready(&self, pid: i32) -> bool {
        self.look(pid).unwrap_or(true)
    }

    fn look(&self, pid: i32) -> io::Result<bool> {
        let process = pidfd::open(pid)?;
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

    /// What the call returns at its timeout. Like the kernel, it notes in the list of poll that there is no event.
    pub(super) fn time_out(&self, tid: i32) -> i32 {
        match self.call {
            Waiting::Poll { address } => {
                // If the memory cannot be written, it has gone.
                _ = self.clear(tid, address);
                0
            }
            Waiting::Epoll => 0,
            Waiting::Receive => -libc::EAGAIN,
        }
    }

    fn clear(&self, tid: i32, address: u64) -> io::Result<()> {
        let memory = Memory::of(tid)?;
        let count = self.entries.len() as u64;
        (0..count).try_for_each(|at| memory.write(address + at * SIZE + RESULT, &[0; 2]))
    }
}

impl Entry {
    fn input(descriptor: ForeignRawFd) -> Self {
        Self { descriptor, events: PollFlags::POLLIN.bits() }
    }
}
