//! The two ends of a pipe, whatever the type of its messages.
//!
//! Both are set to return at once where they would wait, and wait in poll: it keeps a limit, and it waits for two pipes
//! at a time.

use std::io::{PipeReader, PipeWriter};
use std::ops::Range;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::buffer::spare_capacity;
use rustix::event::{PollFd, PollFlags};
use rustix::io::{Errno, ioctl_fionbio, read};

use super::message::Message;
use crate::descriptor::Descriptor;
use crate::poll::ready;
use crate::{Error, Result, sys};

/// In front of each message: how many bytes it has, in the machine's own order.
const HEADER: usize = size_of::<u64>();
/// What a pipe holds, unless somebody has changed that: one read takes all that is there.
const ROOM: usize = 1 << 16;

/// A write end.
pub(super) struct Outgoing {
    /// `None` when half a message may be on its way: nothing must come behind it.
    pipe: Option<Descriptor>,
    frame: Vec<u8>,
}

impl Outgoing {
    pub(super) fn new(writer: PipeWriter) -> Result<Self> {
        ioctl_fionbio(&writer, true).map_err(Error::system("ioctl"))?;
        Ok(Self { pipe: Some(Descriptor::inheritable(writer)), frame: Vec::new() })
    }

    /// Sends a message whole. While it waits for room, it takes in what comes: the other side may be sending, too, and
    /// read nothing before it is done.
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
    /// What has come: messages that were taken, then whole ones that were not, then a part of one.
    bytes: Vec<u8>,
    taken: usize,
    ended: bool,
}

impl Incoming {
    pub(super) fn new(reader: PipeReader) -> Result<Self> {
        ioctl_fionbio(&reader, true).map_err(Error::system("ioctl"))?;
        let pipe = Descriptor::inheritable(reader);
        Ok(Self { pipe, bytes: Vec::new(), taken: 0, ended: false })
    }

    /// Waits until a whole message has come.
    pub(super) fn wait(&mut self, limit: Option<Duration>) -> Result<()> {
        // First: a copy of the buffer that came by fork is not ours to read from.
        let pipe = owned(&self.pipe)?;
        // A limit beyond the clock's end is none.
        let deadline = limit.and_then(|limit| Instant::now().checked_add(limit));
        let mut is_over = false;
        loop {
            match self.whole() {
                Some(_) => return Ok(()),
                None if self.ended => return Err(Error::Closed),
                None if is_over => return Err(Error::TimedOut),
                None => {}
            }
            ready(&mut [PollFd::new(&*pipe, PollFlags::IN)], deadline)?;
            // A writer that writes without end is always ready: look at the clock as well.
            is_over = deadline.is_some_and(|deadline| deadline <= Instant::now());
            self.read_some()?;
        }
    }

    /// The next message's bytes, for which [`Incoming::wait`] has waited.
    pub(super) fn take(&mut self) -> &[u8] {
        let message = self.whole().expect("a message that was waited for");
        self.taken = message.end;
        &self.bytes[message]
    }

    /// Where the next message stands in the buffer, if all of it has come.
    fn whole(&self) -> Option<Range<usize>> {
        let (header, rest) = self.bytes[self.taken..].split_first_chunk::<HEADER>()?;
        let length = usize::try_from(u64::from_ne_bytes(*header)).ok()?;
        let start = self.taken + HEADER;
        (length <= rest.len()).then(|| start..start + length)
    }

    /// Takes in what is there, without waiting.
    fn read_some(&mut self) -> Result<()> {
        self.bytes.drain(..self.taken);
        self.taken = 0;
        // Never as much as a header claims: the buffer grows by what has really come.
        self.bytes.reserve(ROOM);
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
