//! The handle of a queue that a manager keeps: a name, until it is used.

use std::fmt;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags};
use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType, connect, socket_with};
use rustix::rand::{GetRandomFlags, getrandom};
use serde::{Deserialize, Serialize};

use super::passing;
use crate::deadline::{deadline, is_over};
use crate::poll::ready;
use crate::ring::Ring;
use crate::sys::{Sealed, is_own_user};
use crate::{Error, Queue, Result};

/// How long the manager may take beyond the limit: it answers within microseconds, unless it has been stopped.
const GRACE: Duration = Duration::from_millis(50);

/// A handle of a queue that a [`Manager`](super::Manager) keeps. Mirrors what Python's `manager.Queue()` returns.
///
/// It can be a task's argument or an item of another queue, because only a name crosses. [`ManagerQueue::open`] returns
/// the queue itself: it is a [`Queue`] like any other, as fast and as robust.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub struct ManagerQueue<T: ?Sized> {
    name: Name,
    #[serde(skip)]
    queue: OnceLock<Arc<Queue<T>>>,
}

/// The manager listens for each queue at a Unix socket of this name in the abstract namespace: no file is made for it,
/// and none is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Name(u128);

impl Name {
    /// A name that nobody has had before.
    pub(super) fn random() -> Result<Self> {
        // From the system: a generator of this process would be copied by a fork, and its next number with it.
        let mut name = [0; 16];
        getrandom(&mut name, GetRandomFlags::empty()).map_err(Error::system("getrandom"))?;
        Ok(Self(u128::from_ne_bytes(name)))
    }

    pub(super) fn address(self) -> Result<SocketAddr> {
        SocketAddr::from_abstract_name(self.to_string()).map_err(Error::system("bind"))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "shared-queue-{:032x}", self.0)
    }
}

impl<T: ?Sized> ManagerQueue<T> {
    pub(super) fn new(name: Name) -> Self {
        Self { name, queue: OnceLock::new() }
    }

    /// The queue. The first call fetches it from the manager, and waits if the manager was stopped. From then on this
    /// handle and its clones need the manager no more.
    ///
    /// # Errors
    ///
    /// - [`Error::ManagerGone`](crate::Error::ManagerGone) if the manager has ended
    /// - [`Error::OtherUser`](crate::Error::OtherUser) if it belongs to another user
    /// - [`Error::System`](crate::Error::System) if this process has no descriptors or no address space left
    pub fn open(&self) -> Result<&Queue<T>> {
        self.open_until(None)
    }

    /// The queue, if the manager answers within `timeout`.
    ///
    /// # Errors
    ///
    /// [`Error::TimedOut`](crate::Error::TimedOut), and those of [`ManagerQueue::open`].
    pub fn open_timeout(&self, timeout: Duration) -> Result<&Queue<T>> {
        self.open_until(deadline(timeout))
    }

    fn open_until(&self, deadline: Option<Instant>) -> Result<&Queue<T>> {
        if let Some(queue) = self.queue.get() {
            return Ok(queue);
        }
        let queue = fetch(self.name, deadline)?;
        // Another thread may have been faster. Its queue is in the same memory.
        Ok(self.queue.get_or_init(|| Arc::new(queue)))
    }
}

impl<T: ?Sized> Clone for ManagerQueue<T> {
    fn clone(&self) -> Self {
        Self { name: self.name, queue: self.queue.clone() }
    }
}

impl<T: ?Sized> fmt::Debug for ManagerQueue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ManagerQueue").field("name", &self.name.to_string()).finish_non_exhaustive()
    }
}

/// Connects to the manager, and makes a queue of what it hands out.
fn fetch<T: ?Sized>(name: Name, deadline: Option<Instant>) -> Result<Queue<T>> {
    let deadline = deadline.and_then(|deadline| deadline.max(Instant::now()).checked_add(GRACE));
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let socket = socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None)
        .map_err(Error::system("socket"))?;
    let address = SocketAddrUnix::new_abstract_name(name.to_string().as_bytes())
        .map_err(Error::system("connect"))?;
    loop {
        match connect(&socket, &address) {
            Ok(()) => break,
            Err(Errno::CONNREFUSED) => return Err(Error::ManagerGone),
            // Too many others are waiting to be accepted already.
            Err(Errno::AGAIN) if !is_over(deadline) => thread::sleep(Duration::from_millis(1)),
            Err(Errno::AGAIN) => return Err(Error::TimedOut),
            Err(error) => return Err(Error::system("connect")(error)),
        }
    }
    if !is_own_user(&socket)? {
        return Err(Error::OtherUser);
    }
    if !ready(&mut [PollFd::new(&socket, PollFlags::IN)], deadline)? {
        return Err(Error::TimedOut);
    }
    match passing::receive(&socket) {
        Ok(Some((capacity, descriptors))) => {
            let [locks, words] = <[_; 2]>::try_from(descriptors)
                .map_err(|_| Error::system("recvmsg")(Errno::MFILE))?;
            let memory = [Sealed::received(locks)?, Sealed::received(words)?];
            Ok(Queue::from_ring(Ring::of(&memory, capacity)?))
        }
        // It ended before it could answer.
        Ok(None) | Err(Errno::CONNRESET) => Err(Error::ManagerGone),
        Err(error) => Err(Error::system("recvmsg")(error)),
    }
}
