//! What a scene prints, read without ever waiting for it.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::OwnedFd;

use nix::fcntl::{FcntlArg, OFlag, fcntl};

/// So many times [`BUFFER`] is the most that a pipe can hold (/proc/sys/fs/pipe-max-size).
const PIPE_BUFFERS: usize = 16;
const BUFFER: usize = 1 << 16;

/// What comes out of a pipe.
pub(crate) struct Capture {
    /// Gone after its end-of-file.
    pub(crate) pipe: Option<File>,
    pub(crate) bytes: Vec<u8>,
    /// More than twice as much is not kept in memory: the older half goes.
    limit: usize,
}

impl Capture {
    pub(crate) fn new(pipe: Option<OwnedFd>, limit: usize) -> io::Result<Self> {
        if let Some(pipe) = &pipe {
            // Only our end: the flag belongs to the open file, and the scene's end is another one.
            fcntl(pipe, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
        }
        Ok(Self { pipe: pipe.map(File::from), bytes: Vec::new(), limit })
    }

    /// Takes at most one buffer full, so that a flood does not keep us from the clock; true if there was any.
    pub(crate) fn read(&mut self) -> io::Result<bool> {
        let Some(pipe) = &mut self.pipe else {
            return Ok(false);
        };
        let mut buffer = [0; BUFFER];
        match pipe.read(&mut buffer) {
            Ok(0) => {
                self.pipe = None;
                return Ok(false);
            }
            Ok(count) => self.bytes.extend_from_slice(&buffer[..count]),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if self.bytes.len() > 2 * self.limit {
            self.bytes.drain(..self.limit);
        }
        Ok(true)
    }

    /// Takes what is in the pipe now that all writers are dead, and does not wait for an end-of-file: one that could
    /// not be killed would keep it from coming.
    pub(crate) fn drain(&mut self) -> io::Result<()> {
        for _ in 0..PIPE_BUFFERS {
            if !self.read()? {
                break;
            }
        }
        Ok(())
    }
}
