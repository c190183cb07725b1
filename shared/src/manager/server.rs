//! The manager itself: a process that keeps memory, and hands it out.
//!
//! Nobody says anything to it. Who connects to a queue's socket gets the queue's descriptors, in one small message
//! that a new connection always has room for. So there is nobody whom the manager would have to wait for.

use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::{UnixListener, UnixStream};

use rustix::event::{PollFd, PollFlags};
use rustix::io::Errno;
use rustix::net::{SocketFlags, accept_with};

use super::passing;
use crate::poll::ready;
use crate::sys::is_own_user;
use crate::{Error, Result};

/// A queue that is kept.
struct Kept {
    /// Whoever connects here wants it.
    listener: UnixListener,
    capacity: u32,
    /// Locks and words, as the ring has them.
    memory: [OwnedFd; 2],
}

/// Runs in the manager, until the program closes its end of the control socket.
pub(super) fn serve(control: &UnixStream) -> Result<()> {
    let mut queues: Vec<Kept> = Vec::new();
    loop {
        let mut descriptors = vec![PollFd::new(control, PollFlags::IN)];
        descriptors.extend(queues.iter().map(|queue| PollFd::new(&queue.listener, PollFlags::IN)));
        ready(&mut descriptors, None)?;
        let is_ready: Vec<_> = descriptors.iter().map(|one| !one.revents().is_empty()).collect();
        for (queue, _) in queues.iter().zip(&is_ready[1..]).filter(|(_, is_ready)| **is_ready) {
            hand_out(queue)?;
        }
        if is_ready[0] && !take_in(control, &mut queues)? {
            return Ok(());
        }
    }
}

/// Gives the queue to one who has connected. One who has gone again, or is another user, gets nothing.
fn hand_out(queue: &Kept) -> Result<()> {
    let socket = match accept_with(&queue.listener, SocketFlags::CLOEXEC) {
        Ok(socket) => socket,
        Err(Errno::AGAIN | Errno::INTR | Errno::CONNABORTED) => return Ok(()),
        Err(error) => return Err(Error::system("accept")(error)),
    };
    if is_own_user(&socket)? {
        let _ = passing::send(&socket, queue.capacity, &queue.memory.each_ref().map(AsFd::as_fd));
    }
    Ok(())
}

/// Takes one more queue into care; `false` at end-of-file.
fn take_in(control: &UnixStream, queues: &mut Vec<Kept>) -> Result<bool> {
    let spare = control.try_clone(); // So that one descriptor is left for `accept`.
    let message = passing::receive(control);
    drop(spare);
    match message {
        Ok(Some((capacity, descriptors))) => {
            // If some are missing, the others are closed, the listener among them: who connects is refused at once.
            if let Ok([listener, locks, words]) = <[OwnedFd; 3]>::try_from(descriptors) {
                let listener = UnixListener::from(listener);
                listener.set_nonblocking(true).map_err(Error::system("ioctl"))?;
                queues.push(Kept { listener, capacity, memory: [locks, words] });
            }
            Ok(true)
        }
        Ok(None) => Ok(false),
        Err(Errno::AGAIN) => Ok(true),
        Err(error) => Err(Error::system("recvmsg")(error)),
    }
}
