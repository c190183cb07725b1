//! How do all threads and processes learn that they are to stop?
//!
//! SIGTERM writes a byte into a socket, and no one ever reads it. So the other end stays ready to be read, for each
//! thread, and for each child that has inherited it.

use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use shared::{Result, clock};
use signal_hook::consts::SIGTERM;
use signal_hook::low_level::pipe;

/// To read or to write, whichever is possible.
pub(crate) const ANY: PollFlags = PollFlags::POLLIN.union(PollFlags::POLLOUT);

/// The request to stop: asked once, seen by all.
pub(crate) struct Stop(UnixStream);

/// Why a wait has ended.
#[derive(PartialEq, Eq)]
pub(crate) enum Woken {
    Ready,
    Stop,
    Timeout,
}

impl Stop {
    /// From now on SIGTERM does not end this process. It asks it to stop.
    pub(crate) fn on_sigterm() -> Result<Self> {
        let (stop, handler) = UnixStream::pair()?;
        pipe::register(SIGTERM, handler)?;
        Ok(Self(stop))
    }

    /// Waits for a socket, for SIGTERM, or for some lesson seconds, whichever comes first.
    pub(crate) fn wait(&self, socket: &impl AsFd, events: PollFlags, seconds: f64) -> Woken {
        self.poll(PollFlags::POLLIN, socket, events, seconds)
    }

    /// The same after SIGTERM, which would end any other wait at once.
    pub(crate) fn wait_on(&self, socket: &impl AsFd, events: PollFlags, seconds: f64) -> Woken {
        self.poll(PollFlags::empty(), socket, events, seconds)
    }

    /// Whether SIGTERM has come, or comes within some lesson seconds.
    pub(crate) fn is_asked_within(&self, seconds: f64) -> bool {
        self.wait(self, PollFlags::empty(), seconds) == Woken::Stop
    }

    fn poll(&self, asked: PollFlags, socket: &impl AsFd, events: PollFlags, seconds: f64) -> Woken {
        let mut both = [PollFd::new(self.as_fd(), asked), PollFd::new(socket.as_fd(), events)];
        let milliseconds = clock::seconds(seconds).as_micros().div_ceil(1000);
        let timeout = PollTimeout::try_from(milliseconds).unwrap_or(PollTimeout::MAX);
        loop {
            return match poll(&mut both, timeout) {
                Err(Errno::EINTR) => continue, // A signal: perhaps the one that we wait for.
                Ok(0) => Woken::Timeout,
                Ok(_) if both[0].any() == Some(true) => Woken::Stop,
                Ok(_) | Err(_) => Woken::Ready, // If the socket is broken, its next use says so.
            };
        }
    }
}

impl AsFd for Stop {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
