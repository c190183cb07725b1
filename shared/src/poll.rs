//! Waiting for descriptors: see poll(2).

use std::time::{Duration, Instant};

use rustix::event::{PollFd, Timespec};
use rustix::io::Errno;

use crate::{Error, Result};

/// Waits until one of the descriptors is ready, or until the deadline: `false` if none is ready then. `None` waits
/// without a deadline. What is ready for each is in its `revents`.
pub(crate) fn ready(descriptors: &mut [PollFd<'_>], deadline: Option<Instant>) -> Result<bool> {
    loop {
        let remaining = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let timeout = remaining.and_then(|remaining: Duration| Timespec::try_from(remaining).ok());
        match rustix::event::poll(descriptors, timeout.as_ref()) {
            Ok(ready) => return Ok(ready > 0),
            Err(Errno::INTR) => {} // A signal handler ran: wait for the rest of the time.
            Err(error) => return Err(Error::System { call: "poll", source: error.into() }),
        }
    }
}
