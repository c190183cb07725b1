//! The manager itself: a process that keeps memory, and hands it out.
//!
//! Nobody says anything to it. Who is connected to a queue's door gets the queue's descriptors, in one small message
//! that a new connection always has room for. So there is nobody whom the manager would have to wait for.

use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::{UnixListener, UnixStream};

use rustix::event::{PollFd, PollFlags};
use rustix::io::Errno;
use rustix::net::{SocketFlags, accept_with};

use super::parcel;
use crate::process::ready;
use crate::sys::is_own_user;
use crate::{Error, Result};

/// A queue that is kept.
struct Kept {
    /// Whoever connects here wants it.
    door: UnixListener,
    capacity: u32,
    /// Locks and words, as the ring has them.
    memory: [OwnedFd; 2],
}

/// Runs in the manager, until the program lets go of the line.
pub(super) fn serve(line: &UnixStream) -> Result<()> {
    let mut queues: Vec<Kept> = Vec::new();
    loop {
        let mut descriptors = vec![PollFd::new(line, PollFlags::IN)];
        descriptors.extend(queues.iter().map(|queue| PollFd::new(&queue.door, PollFlags::IN)));
        ready(&mut descriptors, None)?;
        let is_ready: Vec<_> = descriptors.iter().map(|one| !one.revents().is_empty()).collect();
        for (queue, _) in queues.iter().zip(&is_ready[1..]).filter(|(_, is_ready)| **is_ready) {
            hand_out(queue)?;
        }
        if is_ready[0] && !take_in(line, &mut queues)? {
            return Ok(());
        }
    }
}

/// Gives the queue to one who has connected. One who has gone again, or is another user, gets nothing.
fn hand_out(queue: &Kept) -> Result<()> {
    let socket = match accept_with(&queue.door, SocketFlags::CLOEXEC) {
        Ok(socket) => socket,
        Err(Errno::AGAIN | Errno::INTR | Errno::CONNABORTED) => return Ok(()),
        Err(error) => return Err(Error::system("accept")(error)),
    };
    if is_own_user(&socket)? {
        let _ = parcel::send(&socket, queue.capacity, &queue.memory.each_ref().map(AsFd::as_fd));
    }
    Ok(())
}

/// Takes one more queue into care; `false` at the line's end.
fn take_in(line: &UnixStream, queues: &mut Vec<Kept>) -> Result<bool> {
    let spare = line.try_clone(); // So that one descriptor is left for `accept`.
    let parcel = parcel::receive(line);
    drop(spare);
    match parcel {
        Ok(Some((capacity, descriptors))) => {
            // If some are missing, the others are closed, the door among them: who knocks is told at once.
            if let Ok([door, locks, words]) = <[OwnedFd; 3]>::try_from(descriptors) {
                let door = UnixListener::from(door);
                door.set_nonblocking(true).map_err(Error::system("ioctl"))?;
                queues.push(Kept { door, capacity, memory: [locks, words] });
            }
            Ok(true)
        }
        Ok(None) => Ok(false),
        Err(Errno::AGAIN) => Ok(true),
        Err(error) => Err(Error::system("recvmsg")(error)),
    }
}
