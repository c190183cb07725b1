//! Queues that can be sent to a process that runs already.
//!
//! ```text
//!            Manager::start()
//! program ──────────────────────▶ manager     keeps each queue's memory, and a socket that hands it out
//!    │                             ▲    │
//!    │ a handle: the socket's name │ ?  │ the memory's descriptors
//!    ▼                             │    ▼
//! worker ──────────────────────────┘  ◀─┘
//!    └── put, get ──▶ memory ◀── put, get ── everybody else who has it
//! ```
//!
//! A plain queue is memory without a name, so it reaches those who are forked later and nobody else. The memory of these
//! queues has a descriptor, and a descriptor can be handed over. What the handle carries is a name only, so it can be
//! written down as bytes. Who uses it connects to that socket once and gets the memory. From then on it needs the
//! manager no more: items never go through it.
//!
//! | want to know | read |
//! |---|---|
//! | what a handle does when it is used | `manager/handle.rs` |
//! | what the manager does | `manager/server.rs` |
//! | how descriptors go from process to process | `manager/passing.rs` |

mod handle;
mod passing;
mod server;

use std::os::fd::AsFd;
use std::os::unix::net::{UnixListener, UnixStream};
use std::time::Duration;

use rustix::io::Errno;

pub use self::handle::ManagerQueue;
use self::handle::Name;
use crate::descriptor::Descriptor;
use crate::ring::Ring;
use crate::{Child, Error, Pid, Process, Result};

/// How long a manager may take to keep a queue. It takes some microseconds, unless it has been stopped.
const PATIENCE: Duration = Duration::from_secs(1);

/// A process that keeps queues for whoever has a handle. Mirrors Python's `multiprocessing.Manager`, for queues.
///
/// ```
/// use shared::{Manager, ManagerQueue, Pool};
///
/// fn put(handle: ManagerQueue<char>) {
///     handle.open().and_then(|queue| queue.put(&'z')).expect("the manager is there");
/// }
///
/// let manager = Manager::start()?;
/// let pool = Pool::new(1)?; // Before the queue: what its workers know, they know from the task's argument.
/// let queue = manager.queue()?;
/// pool.apply(put, queue.clone())?;
/// assert_eq!(queue.open()?.get()?, 'z');
/// pool.close().join()?;
/// # Ok::<(), shared::Error>(())
/// ```
///
/// When it is dropped, the process is ended and reaped. It also ends with the process that has started it, however that
/// ends. Handles that have been used before go on working, others fail with
/// [`Error::ManagerGone`](crate::Error::ManagerGone).
///
/// Only processes of the same user get a queue.
#[derive(Debug)]
#[must_use = "a manager that is dropped ends, and with it the handles that were not used before"]
pub struct Manager {
    child: Child,
    /// On this socket it gets the queues that it has to keep.
    control: Descriptor,
}

impl Manager {
    /// The memory of a queue, in bytes, if it is not made with more: what waits in it must fit. All of it is taken when
    /// the queue is made, so it is less than that of a plain [`Queue`](crate::Queue::ROOM).
    pub const ROOM: usize = 1 << 20;

    /// Starts the process.
    ///
    /// # Errors
    ///
    /// Those of [`Process::start`].
    pub fn start() -> Result<Self> {
        let (ours, theirs) = UnixStream::pair().map_err(Error::system("socketpair"))?;
        let control = Descriptor::new(ours); // In the register before the fork, so that the manager has no copy of it.
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
    /// - [`Error::ManagerGone`](crate::Error::ManagerGone) if the manager was killed, or has no descriptor left
    /// - [`Error::TimedOut`](crate::Error::TimedOut) if it was stopped
    /// - [`Error::Other`](crate::Error::Other) in any process but the one that started the manager
    /// - [`Error::System`](crate::Error::System) if there is not enough memory
    pub fn queue<T: ?Sized>(&self) -> Result<ManagerQueue<T>> {
        self.bounded_queue(usize::MAX)
    }

    /// An empty queue for at most `capacity` items, in [`Manager::ROOM`] bytes. A capacity of 0 counts as 1.
    ///
    /// # Errors
    ///
    /// Those of [`Manager::queue`].
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
        queue.open_timeout(PATIENCE)?;
        Ok(queue)
    }
}
