//! The handle of a queue that a manager keeps: only a name, until it is opened.

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
use crate::deadline::{deadline, is_over, with_grace};
use crate::poll::ready;
use crate::ring::Ring;
use crate::sys::{Sealed, is_own_user};
use crate::{Error, Queue, Result};

/// A handle of a queue that a [`Manager`](super::Manager) keeps. Mirrors what Python's `manager.Queue()` returns.
///
/// It can be a task's argument or an item of another queue, because only a name crosses. [`ManagerQueue::open`] returns
/// the queue itself: it is a [`Queue`] like any other, as fast and as robust.
///
/// ```
/// use shared::{Manager, ManagerQueue, Queue};
///
/// let manager = Manager::start()?;
/// let orders: ManagerQueue<String> = manager.queue()?;
/// let handles = Queue::new()?;
/// handles.put(&orders)?; // A queue of handles: a Queue itself could not be put into it.
/// handles.get()?.open()?.put(&"tea".to_owned())?;
/// assert_eq!(orders.open()?.get()?, "tea");
/// # Ok::<(), shared::Error>(())
/// ```
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub struct ManagerQueue<T: ?Sized> {
    name: Name,
    #[serde(skip)]
    queue: OnceLock<Arc<Queue<T>>>,
}

/// The name of a Unix socket at which the manager listens for those who want this queue. It is in the abstract
/// namespace, so there is no file to create and to remove.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Name(u128);

impl Name {
    /// A name that is not in use, and never was.
    pub(super) fn random() -> Result<Self> {
        // From the system: a fork would copy a generator of this process, and both copies would return the same names.
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
    /// - [`Error::ManagerGone`] if the manager has ended
    /// - [`Error::OtherUser`] if it belongs to another user
    /// - [`Error::System`] if this process has no descriptors or no address space left
    pub fn open(&self) -> Result<&Queue<T>> {
        self.open_until(None)
    }

    /// The queue, if the manager answers within `timeout`.
    ///
    /// # Errors
    ///
    /// [`Error::TimedOut`], and the errors of [`ManagerQueue::open`].
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

/// Connects to the manager, and makes a queue from the descriptors that it sends.
fn fetch<T: ?Sized>(name: Name, deadline: Option<Instant>) -> Result<Queue<T>> {
    let deadline = with_grace(deadline);
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let socket = socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None)
        .map_err(Error::system("socket"))?;
    let address = SocketAddrUnix::new_abstract_name(name.to_string().as_bytes())
        .map_err(Error::system("connect"))?;
    loop {
        match connect(&socket, &address) {
            Ok(()) => break,
            Err(Errno::CONNREFUSED) => return Err(Error::ManagerGone),
            // The socket's backlog is full: too many others wait to be accepted.
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
        // It ended before it had answered.
        Ok(None) | Err(Errno::CONNRESET) => Err(Error::ManagerGone),
        Err(error) => Err(Error::system("recvmsg")(error)),
    }
}
