//! Cancels runs, from any thread.

use std::io::{self, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

/// Ends runs and other waits, from any thread and for good. All clones are the same handle.
#[derive(Debug, Clone)]
pub struct Cancel(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    cancelled: AtomicBool,
    /// Readable from the cancel on: the byte is never taken.
    wake: UnixStream,
    ring: UnixStream,
}

impl Cancel {
    /// A handle that only [`cancel`](Self::cancel) cancels.
    ///
    /// # Errors
    ///
    /// There is no free descriptor.
    pub fn new() -> io::Result<Self> {
        let (wake, ring) = UnixStream::pair()?;
        Ok(Self(Arc::new(Shared { cancelled: AtomicBool::new(false), wake, ring })))
    }

    /// Ends every run under this handle at once, and lets no other begin.
    pub fn cancel(&self) {
        // In this order: a thread that is woken finds the flag set.
        if !self.0.cancelled.swap(true, Ordering::SeqCst) {
            _ = (&self.0.ring).write_all(b"!");
        }
    }

    /// Whether it has been cancelled.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.cancelled.load(Ordering::SeqCst)
    }

    /// Reads `pipe` to its end-of-file. At a cancel it calls `stop` once, which asks the writer to end soon.
    ///
    /// # Errors
    ///
    /// `TimedOut` if that takes longer than `limit`, and any error of reading.
    pub fn read_to_end(
        &self,
        mut pipe: impl Read + AsFd,
        limit: Option<Duration>,
        stop: impl FnOnce(),
    ) -> io::Result<Vec<u8>> {
        let end = limit.map(|limit| Instant::now() + limit);
        let mut stop = Some(stop);
        let mut bytes = Vec::new();
        let mut buffer = vec![0; 1 << 16];
        loop {
            let rest = end.map(|end| end.saturating_duration_since(Instant::now()));
            if rest.is_some_and(|rest| rest.is_zero()) {
                return Err(io::ErrorKind::TimedOut.into());
            }
            let readable = self.wait(pipe.as_fd(), stop.is_some(), rest)?;
            if self.is_cancelled()
                && let Some(stop) = stop.take()
            {
                stop();
            }
            if readable {
                match pipe.read(&mut buffer)? {
                    0 => return Ok(bytes),
                    count => bytes.extend_from_slice(&buffer[..count]),
                }
            }
        }
    }

    /// Waits until there is something to read, until `limit` is over, or, if `wakes_on_cancel`, until a cancel. Returns
    /// whether there is something to read.
    pub(crate) fn wait(
        &self,
        pipe: BorrowedFd<'_>,
        wakes_on_cancel: bool,
        limit: Option<Duration>,
    ) -> io::Result<bool> {
        let mut waits = vec![PollFd::new(pipe, PollFlags::POLLIN)];
        if wakes_on_cancel {
            waits.push(PollFd::new(self.0.wake.as_fd(), PollFlags::POLLIN));
        }
        match poll(&mut waits, limit.map_or(PollTimeout::NONE, timeout)) {
            Ok(_) => Ok(waits[0].any() == Some(true)),
            Err(Errno::EINTR) => Ok(false),
            Err(errno) => Err(errno.into()),
        }
    }
}

/// Rounded up: 0 ms would be a busy loop in the last millisecond.
pub(crate) fn timeout(limit: Duration) -> PollTimeout {
    PollTimeout::try_from(limit.saturating_add(Duration::from_millis(1)))
        .unwrap_or(PollTimeout::MAX)
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn a_cancel_wakes_who_reads_and_is_for_good() {
        let cancel = Cancel::new().unwrap();
        let (ours, theirs) = UnixStream::pair().unwrap();
        let reader = thread::spawn({
            let cancel = cancel.clone();
            // The writer closes its end when it is asked to stop.
            move || cancel.read_to_end(ours, None, || drop(theirs))
        });
        cancel.cancel();
        cancel.cancel();
        assert_eq!(reader.join().unwrap().unwrap(), b"");
        assert!(cancel.is_cancelled());
    }

    #[test]
    fn a_limit_ends_a_read() {
        let cancel = Cancel::new().unwrap();
        let (ours, _theirs) = UnixStream::pair().unwrap();
        let read = cancel.read_to_end(ours, Some(Duration::from_millis(5)), || {});
        assert_eq!(read.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }
}
