//! The manager itself: a process that keeps memory and sends it to those who ask.
//!
//! Clients send it nothing. A process that connects to a queue's socket receives the queue's descriptors, in one small
//! message for which a new connection always has room. So the manager never waits for a client.

use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::{UnixListener, UnixStream};

use rustix::event::{PollFd, PollFlags};
use rustix::io::Errno;
use rustix::net::{SocketFlags, accept_with};

use super::passing;
use crate::poll::ready;
use crate::sys::is_own_user;
use crate::{Error, Result};

/// A queue that the manager keeps.
struct KeptQueue {
    /// A process that connects here asks for the queue.
    listener: UnixListener,
    capacity: u32,
    /// The memory of the ring: its locks and its words.
    memory: [OwnedFd; 2],
}

/// Runs in the manager process until the program closes its end of the control socket.
pub(super) fn serve(control: &UnixStream) -> Result<()> {
    let mut queues: Vec<KeptQueue> = Vec::new();
    loop {
        let mut descriptors = vec![PollFd::new(control, PollFlags::IN)];
        descriptors.extend(queues.iter().map(|queue| PollFd::new(&queue.listener, PollFlags::IN)));
        ready(&mut descriptors, None)?;
        let is_ready: Vec<_> = descriptors.iter().map(|one| !one.revents().is_empty()).collect();
        for (queue, _) in queues.iter().zip(&is_ready[1..]).filter(|(_, is_ready)| **is_ready) {
            send_queue(queue)?;
        }
        if is_ready[0] && !receive_queue(control, &mut queues)? {
            return Ok(());
        }
    }
}

/// Sends the queue to the process that has connected, unless it has gone again or belongs to another user.
fn send_queue(queue: &KeptQueue) -> Result<()> {
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

/// Receives one more queue to keep; `false` at end-of-file.
fn receive_queue(control: &UnixStream, queues: &mut Vec<KeptQueue>) -> Result<bool> {
    let spare = control.try_clone(); // Takes up one descriptor, so that one is left for `accept` later.
    let message = passing::receive(control);
    drop(spare);
    match message {
        Ok(Some((capacity, descriptors))) => {
            // If descriptors are missing, the rest are closed with the listener, and those who connect are refused.
            if let Ok([listener, locks, words]) = <[OwnedFd; 3]>::try_from(descriptors) {
                let listener = UnixListener::from(listener);
                listener.set_nonblocking(true).map_err(Error::system("ioctl"))?;
                queues.push(KeptQueue { listener, capacity, memory: [locks, words] });
            }
            Ok(true)
        }
        Ok(None) => Ok(false),
        Err(Errno::AGAIN) => Ok(true),
        Err(error) => Err(Error::system("recvmsg")(error)),
    }
}
