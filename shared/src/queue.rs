//! Messages from process to process, first in, first out.

use std::fmt;
use std::marker::PhantomData;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::deadline::deadline;
use crate::ring::Ring;
use crate::{Result, wire};

/// A queue that parent and children share. Mirrors Python's `multiprocessing.Queue`.
///
/// Make it first and start children then: they inherit it. It cannot be sent to a process that runs already, so it is
/// not `Serialize`; where Python raises a `RuntimeError`, the compiler refuses. What can be sent is a
/// [`ManagerQueue`](crate::ManagerQueue).
///
/// ```
/// use shared::{Process, Queue};
///
/// let queue = Queue::new()?;
/// let writer = Process::new(|| queue.put(&"A letter".to_string())).start()?;
/// assert_eq!(queue.get()?, "A letter");
/// writer.join()?;
/// # Ok::<(), shared::Error>(())
/// ```
///
/// What `put` has taken is in shared memory when it returns. In Python a thread writes it later, and what a process has
/// put right before it is killed is lost. Any process may be killed at any moment: the others go on, and no message is
/// seen in part. A process that is stopped while it holds the queue's lock delays those on its side of the queue; calls
/// with a limit keep it and return [`Error::TimedOut`](crate::Error::TimedOut).
///
/// A `Queue<[u8]>` carries bytes as they are.
pub struct Queue<T: ?Sized> {
    ring: Ring,
    item: PhantomData<fn(&T) -> Box<T>>,
}

impl<T: ?Sized> Queue<T> {
    /// The memory of a queue, in bytes, if it is not made with more: what waits in it must fit.
    pub const ROOM: usize = 16 << 20;

    /// An empty queue for any number of items, as far as [`Queue::ROOM`] goes.
    ///
    /// # Errors
    ///
    /// [`Error::System`](crate::Error::System) if there is no memory left.
    pub fn new() -> Result<Self> {
        Self::with_room(usize::MAX, Self::ROOM)
    }

    /// An empty queue for so many items at a time; at least one.
    ///
    /// # Errors
    ///
    /// Those of [`Queue::new`].
    pub fn bounded(capacity: usize) -> Result<Self> {
        Self::with_room(capacity, Self::ROOM)
    }

    /// An empty queue for so many items and bytes at a time. The memory is taken when it is first used, not before.
    ///
    /// # Errors
    ///
    /// Those of [`Queue::new`].
    pub fn with_room(capacity: usize, bytes: usize) -> Result<Self> {
        let capacity = u32::try_from(capacity).unwrap_or(u32::MAX).max(1);
        Ok(Self { ring: Ring::new(capacity, bytes)?, item: PhantomData })
    }

    /// The queue that somebody else has made, in memory that was handed over.
    pub(crate) fn of(ring: Ring) -> Self {
        Self { ring, item: PhantomData }
    }

    /// How many items are in it at this moment.
    pub fn len(&self) -> usize {
        self.ring.len()
    }

    /// Whether nothing is in it at this moment. Another process may change that before you act on it.
    pub fn is_empty(&self) -> bool {
        self.ring.is_empty()
    }

    /// Whether it has as many items as it may at this moment. `put` may have to wait before that, for memory.
    pub fn is_full(&self) -> bool {
        self.capacity().is_some_and(|capacity| self.len() >= capacity)
    }

    /// How many items it may have, if it is bounded.
    pub fn capacity(&self) -> Option<usize> {
        let capacity = self.ring.capacity();
        (capacity < u32::MAX).then_some(capacity as usize)
    }

    /// Lets nothing more in. `get` returns what is there, and then [`Error::Closed`](crate::Error::Closed): this is how
    /// readers learn that no more will come.
    pub fn close(&self) {
        self.ring.close();
    }

    fn put_encoded(&self, bytes: &[u8], deadline: Option<Instant>) -> Result<()> {
        self.ring.put(bytes, deadline).map(drop)
    }

    fn get_encoded(&self, bytes: &mut Vec<u8>, deadline: Option<Instant>) -> Result<()> {
        self.ring.get(bytes, deadline, |_, _| {})
    }
}

impl<T: Serialize + DeserializeOwned> Queue<T> {
    /// Puts a copy of the item in, as soon as there is room.
    ///
    /// # Errors
    ///
    /// - [`Error::TooLarge`](crate::Error::TooLarge) if it would never fit
    /// - [`Error::Closed`](crate::Error::Closed) if the queue has been closed
    /// - [`Error::Encode`](crate::Error::Encode) if it has no form that can cross
    pub fn put(&self, item: &T) -> Result<()> {
        self.put_until(item, None)
    }

    /// Puts a copy of the item in, but waits no longer than the limit.
    ///
    /// # Errors
    ///
    /// [`Error::Full`](crate::Error::Full), with the number of items, and those of [`Queue::put`].
    pub fn put_timeout(&self, item: &T, limit: Duration) -> Result<()> {
        self.put_until(item, deadline(limit))
    }

    /// Puts a copy of the item in if there is room now.
    ///
    /// # Errors
    ///
    /// Those of [`Queue::put_timeout`].
    pub fn try_put(&self, item: &T) -> Result<()> {
        self.put_until(item, Some(Instant::now()))
    }

    /// Takes the first item, as soon as there is one.
    ///
    /// # Errors
    ///
    /// - [`Error::Closed`](crate::Error::Closed) if the queue has been closed and nothing is left in it
    /// - [`Error::Decode`](crate::Error::Decode) if the item's `Deserialize` refuses
    pub fn get(&self) -> Result<T> {
        self.get_until(None)
    }

    /// Takes the first item, but waits no longer than the limit.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`](crate::Error::Empty), and those of [`Queue::get`].
    pub fn get_timeout(&self, limit: Duration) -> Result<T> {
        self.get_until(deadline(limit))
    }

    /// Takes the first item if there is one now.
    ///
    /// # Errors
    ///
    /// Those of [`Queue::get_timeout`].
    pub fn try_get(&self) -> Result<T> {
        self.get_until(Some(Instant::now()))
    }

    pub(crate) fn put_until(&self, item: &T, deadline: Option<Instant>) -> Result<()> {
        wire::with_buffer(|bytes| {
            wire::append(item, bytes)?;
            self.put_encoded(bytes, deadline)
        })
    }

    pub(crate) fn get_until(&self, deadline: Option<Instant>) -> Result<T> {
        wire::with_buffer(|bytes| {
            self.get_encoded(bytes, deadline)?;
            wire::decode(bytes)
        })
    }
}

impl Queue<[u8]> {
    /// Puts the bytes in, as soon as there is room.
    ///
    /// # Errors
    ///
    /// [`Error::TooLarge`](crate::Error::TooLarge) and [`Error::Closed`](crate::Error::Closed).
    pub fn put_bytes(&self, bytes: &[u8]) -> Result<()> {
        self.put_encoded(bytes, None)
    }

    /// Puts the bytes in, but waits no longer than the limit.
    ///
    /// # Errors
    ///
    /// [`Error::Full`](crate::Error::Full), and those of `put_bytes`.
    pub fn put_bytes_timeout(&self, bytes: &[u8], limit: Duration) -> Result<()> {
        self.put_encoded(bytes, deadline(limit))
    }

    /// Takes the first message, as soon as there is one, into a buffer that is overwritten and can be used again.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`](crate::Error::Closed).
    pub fn get_bytes(&self, bytes: &mut Vec<u8>) -> Result<()> {
        self.get_encoded(bytes, None)
    }

    /// Takes the first message, but waits no longer than the limit.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`](crate::Error::Empty), and [`Error::Closed`](crate::Error::Closed).
    pub fn get_bytes_timeout(&self, bytes: &mut Vec<u8>, limit: Duration) -> Result<()> {
        self.get_encoded(bytes, deadline(limit))
    }
}

impl<T: ?Sized> fmt::Debug for Queue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue").field("len", &self.len()).finish_non_exhaustive()
    }
}
