//! The three pipes of a program, none of which is ever waited for alone.

use std::os::fd::OwnedFd;
use std::sync::Arc;

use rustix::event::{PollFd, PollFlags};
use rustix::io::{Errno, ioctl_fionbio};

use crate::descriptor::Descriptor;
use crate::{Error, Result, sys};

/// Our end of a pipe, set to return at once where it would wait. The program's end is not changed.
pub(super) fn open(pipe: Option<Descriptor>) -> Result<Option<Arc<OwnedFd>>> {
    let pipe = pipe.and_then(|pipe| pipe.get());
    if let Some(pipe) = &pipe {
        ioctl_fionbio(pipe, true).map_err(Error::system("ioctl"))?;
    }
    Ok(pipe)
}

/// The write end of the program's stdin, and what has not been written yet.
pub(super) struct InputWriter<'a> {
    pub(super) pipe: Option<Arc<OwnedFd>>,
    pub(super) rest: &'a [u8],
}

impl InputWriter<'_> {
    pub(super) fn write_some(&mut self) -> Result<()> {
        while let Some(pipe) = self.pipe.as_ref().filter(|_| !self.rest.is_empty()) {
            match sys::write_quietly(pipe, self.rest) {
                Ok(written) => self.rest = &self.rest[written..],
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return Ok(()),
                Err(Errno::PIPE) => break, // It reads no more.
                Err(error) => return Err(Error::System { call: "write", source: error.into() }),
            }
        }
        self.pipe = None; // Closed: the program sees end-of-file.
        Ok(())
    }

    pub(super) fn poll(&self) -> Option<PollFd<'_>> {
        self.pipe.as_ref().map(|pipe| PollFd::new(pipe, PollFlags::OUT))
    }
}

/// The read end of the program's stdout or stderr, and what has been read so far if it is to be kept.
pub(super) struct OutputReader {
    pub(super) pipe: Option<Arc<OwnedFd>>,
    pub(super) keep: bool,
    pub(super) bytes: Vec<u8>,
}

impl OutputReader {
    /// Reads what is there, but no more than one buffer: then it is the other pipes' turn.
    pub(super) fn read_some(&mut self) -> Result<()> {
        let Some(pipe) = &self.pipe else {
            return Ok(());
        };
        let mut buffer = [0; 1 << 16];
        match rustix::io::read(pipe, &mut buffer) {
            Ok(0) => self.pipe = None, // End-of-file.
            Ok(length) if self.keep => self.bytes.extend_from_slice(&buffer[..length]),
            Ok(_) | Err(Errno::AGAIN | Errno::INTR) => {}
            Err(error) => return Err(Error::System { call: "read", source: error.into() }),
        }
        Ok(())
    }

    pub(super) fn poll(&self) -> Option<PollFd<'_>> {
        self.pipe.as_ref().map(|pipe| PollFd::new(pipe, PollFlags::IN))
    }
}
