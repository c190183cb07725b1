//! Ctrl-C and its relatives: a wish to end in an orderly way.

use std::io::{self, Read};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::{flag, low_level};

/// From its making on, the signals that end a program are noted instead.
pub(crate) struct Interrupt {
    came: Arc<AtomicBool>,
    /// Readable once a signal came, and for ever after: nobody reads it.
    wake: UnixStream,
}

impl Interrupt {
    pub(crate) fn listen() -> io::Result<Self> {
        let came = Arc::default();
        let (wake, signalled) = UnixStream::pair()?;
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            // In this order: whoever is woken finds the flag set.
            flag::register(signal, Arc::clone(&came))?;
            low_level::pipe::register(signal, signalled.try_clone()?)?;
        }
        Ok(Self { came, wake })
    }

    pub(crate) fn came(&self) -> bool {
        self.came.load(Ordering::Relaxed)
    }

    /// All that comes out of `pipe` until its end-of-file. When a signal comes, `stop` is called, once: it asks
    /// whoever writes to end soon.
    ///
    /// # Errors
    ///
    /// `TimedOut` if that takes longer than `limit`, and whatever reading says.
    pub(crate) fn read_to_end(
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
            let mut waits = vec![PollFd::new(pipe.as_fd(), PollFlags::POLLIN)];
            if stop.is_some() {
                waits.push(PollFd::new(self.wake.as_fd(), PollFlags::POLLIN));
            }
            let rest = end.map(|end| end.saturating_duration_since(Instant::now()));
            let rest = rest.map_or(PollTimeout::NONE, |rest| {
                PollTimeout::try_from(rest).unwrap_or(PollTimeout::MAX)
            });
            match poll(&mut waits, rest) {
                Ok(0) => return Err(io::ErrorKind::TimedOut.into()),
                Ok(_) | Err(Errno::EINTR) => {}
                Err(errno) => return Err(errno.into()),
            }
            let readable = waits[0].any() == Some(true);
            if self.came()
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
}
