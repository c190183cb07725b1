//! Reads what a program prints, without ever waiting for it.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Duration;

use nix::fcntl::{FcntlArg, OFlag, fcntl};

use crate::recording::{Line, Stream};

/// A stream with more bytes than this is a flood, which no person would read.
pub const MOST_BYTES: usize = 4 << 20;
/// A stream with more lines than this is a flood, too.
pub const MOST_LINES: usize = 20_000;

/// A pipe can hold at most this many times [`BUFFER`] (/proc/sys/fs/pipe-max-size).
const PIPE_BUFFERS: usize = 16;
const BUFFER: usize = 1 << 16;

/// The lines that come out of a pipe.
pub(crate) struct Capture {
    stream: Stream,
    /// None after its end-of-file.
    pipe: Option<File>,
    /// The beginning of an incomplete line.
    rest: Vec<u8>,
    bytes: usize,
    lines: usize,
}

impl Capture {
    pub(crate) fn new(stream: Stream, pipe: Option<OwnedFd>) -> io::Result<Self> {
        if let Some(pipe) = &pipe {
            // This changes only our end: the flag belongs to the open file, and the program's end is another open file.
            fcntl(pipe, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
        }
        Ok(Self { stream, pipe: pipe.map(File::from), rest: Vec::new(), bytes: 0, lines: 0 })
    }

    /// The descriptor to wait on, if more can come.
    pub(crate) fn source(&self) -> Option<BorrowedFd<'_>> {
        self.pipe.as_ref().map(AsFd::as_fd)
    }

    /// The stream, if it is a flood.
    pub(crate) fn flood(&self) -> Option<Stream> {
        (self.bytes > MOST_BYTES || self.lines > MOST_LINES).then_some(self.stream)
    }

    /// Reads at most one buffer, so that a flood does not keep us from checking the deadline. Adds the complete lines
    /// to `lines`. Returns whether there was any byte.
    pub(crate) fn read(&mut self, now: Duration, lines: &mut Vec<Line>) -> io::Result<bool> {
        let Some(pipe) = &mut self.pipe else {
            return Ok(false);
        };
        let mut buffer = [0; BUFFER];
        let bytes = match pipe.read(&mut buffer) {
            Ok(0) => {
                self.pipe = None;
                return Ok(false);
            }
            Ok(count) => &buffer[..count],
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(true),
            Err(error) => return Err(error),
        };
        self.bytes += bytes.len();
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            match part.split_last() {
                Some((b'\n', part)) => {
                    self.rest.extend_from_slice(part);
                    lines.push(self.line(now, true));
                }
                _ => self.rest.extend_from_slice(part),
            }
        }
        Ok(true)
    }

    /// Reads the rest of the pipe after all writers are dead. It does not wait for an end-of-file, which would never
    /// come if a writer could not be killed.
    pub(crate) fn drain(&mut self, now: Duration, lines: &mut Vec<Line>) -> io::Result<()> {
        for _ in 0..PIPE_BUFFERS {
            if !self.read(now, lines)? {
                break;
            }
        }
        if !self.rest.is_empty() {
            lines.push(self.line(now, false));
        }
        Ok(())
    }

    fn line(&mut self, time: Duration, newline: bool) -> Line {
        self.lines += 1;
        Line { stream: self.stream, time, bytes: std::mem::take(&mut self.rest), newline }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_line_may_come_in_pieces() {
        let (ours, mut theirs) = io::pipe().unwrap();
        let mut capture = Capture::new(Stream::Stdout, Some(ours.into())).unwrap();
        let mut lines = Vec::new();
        let mut read = |text: &str, now| {
            theirs.write_all(text.as_bytes()).unwrap();
            assert!(capture.read(Duration::from_secs(now), &mut lines).unwrap());
        };
        read("on", 1);
        read("e\n\ntw", 2);
        drop(theirs);
        capture.drain(Duration::from_secs(3), &mut lines).unwrap();
        let line = |time, bytes: &[u8], newline| Line {
            stream: Stream::Stdout,
            time: Duration::from_secs(time),
            bytes: bytes.to_vec(),
            newline,
        };
        assert_eq!(lines, [line(2, b"one", true), line(2, b"", true), line(3, b"tw", false)]);
    }
}
