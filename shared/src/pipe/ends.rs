//! The two ends of a pipe, for messages of any type.
//!
//! Both descriptors are non-blocking, and all waiting happens in poll(2): it takes a timeout, and it can wait for two
//! pipes at once.

use std::io::{PipeReader, PipeWriter};
use std::ops::Range;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::time::Instant;

use rustix::buffer::spare_capacity;
use rustix::event::{PollFd, PollFlags};
use rustix::io::{Errno, ioctl_fionbio, read};

use crate::deadline::is_over;
use crate::descriptor::Descriptor;
use crate::process::ready;
use crate::{Error, Message, Result, sys};

/// The header of each message: its length in bytes, in native byte order.
const HEADER: usize = size_of::<u64>();
/// How much to read at once. A pipe holds no more than this by default; see pipe(7).
const PIPE_CAPACITY: usize = 1 << 16;

/// A write end.
pub(super) struct Outgoing {
    /// `None` after a failed write: it may have sent a part of a message, and nothing may follow that part.
    pipe: Option<Descriptor>,
    /// Header and message, to be written together. Kept for its memory.
    frame: Vec<u8>,
}

impl Outgoing {
    pub(super) fn new(writer: PipeWriter) -> Result<Self> {
        ioctl_fionbio(&writer, true).map_err(Error::system("ioctl"))?;
        Ok(Self { pipe: Some(Descriptor::inheritable(writer)), frame: Vec::new() })
    }

    /// Sends a complete message. While it waits for room, it reads from `meanwhile`: the other side may be sending
    /// too, and may not read before its own message is through.
    pub(super) fn send<T: Message + ?Sized>(
        &mut self,
        message: &T,
        meanwhile: Option<&mut Incoming>,
    ) -> Result<()> {
        let pipe = owned(self.pipe.as_ref().ok_or(Error::Closed)?)?;
        self.frame.clear();
        self.frame.extend_from_slice(&[0; HEADER]);
        message.append(&mut self.frame)?;
        let length = (self.frame.len() - HEADER) as u64;
        self.frame[..HEADER].copy_from_slice(&length.to_ne_bytes());
        write_all(&pipe, &self.frame, meanwhile).inspect_err(|_| self.pipe = None)
    }
}

fn write_all(pipe: &OwnedFd, mut rest: &[u8], mut meanwhile: Option<&mut Incoming>) -> Result<()> {
    while !rest.is_empty() {
        match sys::write_quietly(pipe, rest) {
            Ok(written) => rest = &rest[written..],
            Err(Errno::INTR) => {}
            Err(Errno::AGAIN) => wait_for_room(pipe, meanwhile.as_deref_mut())?,
            Err(Errno::PIPE) => return Err(Error::Closed),
            Err(error) => return Err(Error::System { call: "write", source: error.into() }),
        }
    }
    Ok(())
}

fn wait_for_room(pipe: &OwnedFd, meanwhile: Option<&mut Incoming>) -> Result<()> {
    let room = PollFd::new(pipe, PollFlags::OUT);
    match meanwhile.filter(|incoming| !incoming.ended) {
        None => ready(&mut [room], None).map(|_| ()),
        Some(incoming) => {
            ready(&mut [room, PollFd::new(&*owned(&incoming.pipe)?, PollFlags::IN)], None)?;
            incoming.read_some()
        }
    }
}

/// A read end.
pub(super) struct Incoming {
    pipe: Descriptor,
    /// What has been read: messages that were taken, then complete ones that were not, then a part of one.
    bytes: Vec<u8>,
    /// The length of the messages that were taken.
    taken: usize,
    /// Whether the pipe is at end-of-file.
    ended: bool,
}

impl Incoming {
    pub(super) fn new(reader: PipeReader) -> Result<Self> {
        ioctl_fionbio(&reader, true).map_err(Error::system("ioctl"))?;
        let pipe = Descriptor::inheritable(reader);
        Ok(Self { pipe, bytes: Vec::new(), taken: 0, ended: false })
    }

    /// Waits until a complete message has come, or until the deadline.
    pub(super) fn wait(&mut self, deadline: Option<Instant>) -> Result<()> {
        // Before anything else: a forked copy must not take messages out of its copy of the buffer.
        let pipe = owned(&self.pipe)?;
        let mut is_late = false;
        loop {
            match self.complete() {
                Some(_) => return Ok(()),
                None if self.ended => return Err(Error::Closed),
                None if is_late => return Err(Error::TimedOut),
                None => {}
            }
            ready(&mut [PollFd::new(&*pipe, PollFlags::IN)], deadline)?;
            // A pipe whose writer never pauses is always ready, so poll alone would not keep the deadline.
            is_late = is_over(deadline);
            self.read_some()?;
        }
    }

    /// Takes the next message. Call [`Incoming::wait`] first.
    pub(super) fn take(&mut self) -> &[u8] {
        let message = self.complete().expect("`wait` has seen a complete message");
        self.taken = message.end;
        &self.bytes[message]
    }

    /// The place of the next message in the buffer, if all of it has come.
    fn complete(&self) -> Option<Range<usize>> {
        let (header, rest) = self.bytes[self.taken..].split_first_chunk::<HEADER>()?;
        let length = usize::try_from(u64::from_ne_bytes(*header)).ok()?;
        let start = self.taken + HEADER;
        (length <= rest.len()).then(|| start..start + length)
    }

    /// Reads what is there, without waiting.
    fn read_some(&mut self) -> Result<()> {
        self.bytes.drain(..self.taken);
        self.taken = 0;
        // Never by the length in a header, which may be wrong: the buffer grows with what has really come.
        self.bytes.reserve(PIPE_CAPACITY);
        match read(owned(&self.pipe)?, spare_capacity(&mut self.bytes)) {
            Ok(0) => self.ended = true,
            Ok(_) | Err(Errno::AGAIN | Errno::INTR) => {}
            Err(error) => return Err(Error::System { call: "read", source: error.into() }),
        }
        Ok(())
    }
}

fn owned(end: &Descriptor) -> Result<Arc<OwnedFd>> {
    end.get().ok_or(Error::NotOwner)
}
