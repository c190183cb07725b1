//! Queues that can be sent to a process that runs already.
//!
//! ```text
//!            Manager::start()
//! program ──────────────────────▶ manager     keeps each queue's memory, and a socket at which to fetch it
//!    │                             ▲    │
//!    │ a handle: the socket's name │ ?  │ the memory's descriptors
//!    ▼                             │    ▼
//! worker ──────────────────────────┘  ◀─┘
//!    └── put, get ──▶ memory ◀── put, get ── every other process that has it
//! ```
//!
//! A plain queue is memory without a name, so only processes that are forked later have it. The memory of a manager's
//! queue has a descriptor, and a process can send a descriptor to another. A handle contains only the name of a socket,
//! so it can cross as bytes. A process that opens the handle connects to that socket once and receives the memory. From
//! then on it no longer needs the manager: items do not go through it.
//!
//! | want to know | read |
//! |---|---|
//! | what a handle does when it is opened | `manager/handle.rs` |
//! | what the manager does | `manager/server.rs` |
//! | how descriptors go from process to process | `manager/passing.rs` |

mod handle;
mod passing;
mod server;

use std::os::fd::AsFd;
use std::os::unix::net::{UnixListener, UnixStream};
use std::thread;
use std::time::Duration;

use rustix::io::Errno;

pub use self::handle::ManagerQueue;
use self::handle::Name;
use crate::deadline::{GRACE, deadline, is_over};
use crate::descriptor::Descriptor;
use crate::ring::Ring;
use crate::{Child, Error, Pid, Process, Result};

/// How long to wait until the manager has taken a new queue. It takes microseconds, unless the manager was stopped.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(1);

/// A process that keeps queues for all processes that have a handle. Mirrors Python's `multiprocessing.Manager`, for
/// queues only.
///
/// ```
/// use shared::{Manager, ManagerQueue, Pool};
///
/// fn put(handle: ManagerQueue<char>) {
///     handle.open().and_then(|queue| queue.put(&'z')).expect("the manager is there");
/// }
///
/// let manager = Manager::start()?;
/// let pool = Pool::new(1)?; // Its workers start before there is a queue, so they cannot inherit one.
/// let queue = manager.queue()?;
/// pool.apply(put, queue.clone())?;
/// assert_eq!(queue.open()?.get()?, 'z');
/// pool.close().join()?;
/// # Ok::<(), shared::Error>(())
/// ```
///
/// Dropping it ends and reaps the process. It also ends with the process that started it, whichever way that one ends.
/// Handles that were opened before continue to work; [`ManagerQueue::open`] on others fails with
/// [`Error::ManagerGone`].
///
/// Only processes of the same user can open a queue.
#[derive(Debug)]
#[must_use = "a manager ends when it is dropped, and handles that were not opened before become useless"]
pub struct Manager {
    child: Child,
    /// The socket on which it receives the queues that it must keep.
    control: Descriptor,
}

impl Manager {
    /// The memory of a queue, in bytes. All waiting items must fit. The system provides all of it when the queue is
    /// made, so it is less than a plain queue has ([`Queue::ROOM`](crate::Queue::ROOM)).
    pub const ROOM: usize = 1 << 20;

    /// Starts the process.
    ///
    /// # Errors
    ///
    /// The errors of [`Process::start`].
    pub fn start() -> Result<Self> {
        let (ours, theirs) = UnixStream::pair().map_err(Error::system("socketpair"))?;
        let control = Descriptor::new(ours); // Registered before the fork, so that the manager closes its copy.
        let child = Process::new(move || server::serve(&theirs)).name("manager").start()?;
        Ok(Self { child, control })
    }

    /// The process's id.
    pub fn pid(&self) -> Pid {
        self.child.pid()
    }

    /// An empty queue without a limit on the number of items, in [`Manager::ROOM`] bytes. The manager keeps it until
    /// it ends.
    ///
    /// # Errors
    ///
    /// - [`Error::System`] if there is not enough memory, or if the manager or this process has no descriptors left
    /// - [`Error::ManagerGone`] if the manager was killed
    /// - [`Error::TimedOut`] if it was stopped
    /// - [`Error::Other`] in any process but the one that started the manager
    pub fn queue<T: ?Sized>(&self) -> Result<ManagerQueue<T>> {
        self.bounded_queue(usize::MAX)
    }

    /// An empty queue for at most `capacity` items, in [`Manager::ROOM`] bytes. A capacity of 0 counts as 1.
    ///
    /// # Errors
    ///
    /// The errors of [`Manager::queue`].
    pub fn bounded_queue<T: ?Sized>(&self, capacity: usize) -> Result<ManagerQueue<T>> {
        let control = self.control.get().ok_or_else(|| {
            Error::other("only the process that started a manager can make a queue in it")
        })?;
        let capacity = u32::try_from(capacity).unwrap_or(u32::MAX).max(1);
        let [locks, words] = &Ring::sealed(Self::ROOM)?;
        let name = Name::random()?;
        let listener = UnixListener::bind_addr(&name.address()?).map_err(Error::system("bind"))?;

        match passing::send(&control, capacity, &[listener.as_fd(), locks.as_fd(), words.as_fd()]) {
            Ok(()) => {}
            Err(Errno::PIPE | Errno::CONNRESET) => return Err(Error::ManagerGone),
            Err(Errno::AGAIN) => return Err(Error::TimedOut),
            Err(error) => return Err(Error::system("sendmsg")(error)),
        }
        drop(listener); // From here on the manager answers there, or no one does.
        let queue = ManagerQueue::new(name);
        match queue.open_timeout(ANSWER_TIMEOUT) {
            Ok(_) => Ok(queue),
            // It lives and does not answer at this name: it had no room for the descriptors that it was sent.
            Err(Error::ManagerGone) if self.is_alive() => {
                Err(Error::system("Manager::queue")(Errno::MFILE))
            }
            Err(error) => Err(error),
        }
    }

    /// Whether the manager lives on. One that is ending closes its sockets first, and ends some microseconds later.
    fn is_alive(&self) -> bool {
        let deadline = deadline(GRACE);
        while self.child.is_alive() {
            if is_over(deadline) {
                return true;
            }
            thread::sleep(Duration::from_millis(1));
        }
        false
    }
}
