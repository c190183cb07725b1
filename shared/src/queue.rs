//! Messages from process to process, first in, first out.

use std::fmt;
use std::marker::PhantomData;
use std::time::{Duration, Instant};

use crate::deadline::deadline;
use crate::ring::Ring;
use crate::{Error, Message, Result};

/// A queue that parent and children share. Mirrors Python's `multiprocessing.Queue`.
///
/// Make it first, then start the children: they inherit it. It cannot be sent to a process that is already running, so
/// it is not `Serialize`. Python raises a `RuntimeError` there; here the compiler refuses. What can be sent is a
/// [`ManagerQueue`](crate::ManagerQueue).
///
/// ```
/// use shared::{Process, Queue};
///
/// let queue = Queue::new()?;
/// let writer = Process::new(|| ["tea", "milk"].iter().try_for_each(|word| queue.put(&word.to_string()))).start()?;
/// writer.join()?;
/// queue.close(); // No one writes any more, so the loop below ends.
/// for word in &queue {
///     println!("got {}", word?);
/// }
/// # Ok::<(), shared::Error>(())
/// ```
///
/// When `put` returns, the item is in shared memory. In Python a thread writes it later, and a process that is killed
/// right after `put` takes its last items with it. Any process that uses a queue may be killed at any moment: the
/// others go on, and no one sees a part of an item. A process that is *stopped* while it holds the queue's lock keeps
/// the others on its side of the queue waiting; their calls with a timeout still return in time.
///
/// A `Queue<[u8]>` carries bytes unchanged: it takes `&[u8]` and returns a `Vec<u8>`.
pub struct Queue<T: ?Sized> {
    ring: Ring,
    item: PhantomData<fn(&T) -> Box<T>>,
}

impl<T: ?Sized> Queue<T> {
    /// The default memory of a queue, in bytes. All waiting items must fit.
    pub const ROOM: usize = 16 << 20;

    /// An empty queue without a limit on the number of items, in [`Queue::ROOM`] bytes.
    ///
    /// # Errors
    ///
    /// [`Error::System`] if there is not enough memory.
    pub fn new() -> Result<Self> {
        Self::with_room(usize::MAX, Self::ROOM)
    }

    /// An empty queue for at most `capacity` items, in [`Queue::ROOM`] bytes. A capacity of 0 counts as 1.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use shared::{Error, Queue};
    ///
    /// let queue = Queue::bounded(1)?;
    /// queue.put(&'a')?;
    /// assert!(matches!(queue.try_put(&'b'), Err(Error::Full { size: 1 })));
    /// assert_eq!(queue.get()?, 'a');
    /// assert!(matches!(queue.get_timeout(Duration::from_millis(10)), Err(Error::Empty)));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`Queue::new`].
    pub fn bounded(capacity: usize) -> Result<Self> {
        Self::with_room(capacity, Self::ROOM)
    }

    /// An empty queue for at most `capacity` items that take up `bytes`, rounded up to a power of two. The system
    /// provides the memory when it is first used.
    ///
    /// # Errors
    ///
    /// [`Error::System`] for more than 16 GiB, or if there is not enough memory.
    pub fn with_room(capacity: usize, bytes: usize) -> Result<Self> {
        let capacity = u32::try_from(capacity).unwrap_or(u32::MAX).max(1);
        Ok(Self::from_ring(Ring::new(capacity, bytes)?))
    }

    /// The queue in a ring that another process has made.
    pub(crate) fn from_ring(ring: Ring) -> Self {
        Self { ring, item: PhantomData }
    }

    /// The number of items at this moment.
    pub fn len(&self) -> usize {
        self.ring.len()
    }

    /// Whether the queue is empty at this moment. Another process may change that before you act on it.
    pub fn is_empty(&self) -> bool {
        self.ring.is_empty()
    }

    /// Whether the queue has as many items as its capacity allows. `put` may have to wait earlier, for memory.
    pub fn is_full(&self) -> bool {
        self.capacity().is_some_and(|capacity| self.len() >= capacity)
    }

    /// The largest number of items, if the queue is bounded.
    pub fn capacity(&self) -> Option<usize> {
        let capacity = self.ring.capacity();
        (capacity < u32::MAX).then_some(capacity as usize)
    }

    /// Closes the queue for new items, in all processes. `get` still returns those that are there, and then
    /// [`Error::Closed`]: this is how readers learn that no more will come.
    pub fn close(&self) {
        self.ring.close();
    }
}

impl<T: Message + ?Sized> Queue<T> {
    /// Puts a copy of the item into the queue. Waits while there is no room.
    ///
    /// # Errors
    ///
    /// - [`Error::TooLarge`] if it can never fit
    /// - [`Error::Closed`] if the queue is closed
    /// - [`Error::Encode`] if the item cannot be encoded
    pub fn put(&self, item: &T) -> Result<()> {
        self.put_until(item, None)
    }

    /// Puts a copy of the item into the queue. Waits for room no longer than `timeout`.
    ///
    /// # Errors
    ///
    /// [`Error::Full`], with the number of items, and the errors of [`Queue::put`]. It is also `Full`, as in Python, if
    /// a stopped process keeps the lock of the writers until then.
    pub fn put_timeout(&self, item: &T, timeout: Duration) -> Result<()> {
        self.put_until(item, deadline(timeout))
    }

    /// Puts a copy of the item into the queue if there is room now.
    ///
    /// # Errors
    ///
    /// The errors of [`Queue::put_timeout`].
    pub fn try_put(&self, item: &T) -> Result<()> {
        self.put_until(item, Some(Instant::now()))
    }

    /// Takes the first item. Waits while there is none.
    ///
    /// # Errors
    ///
    /// - [`Error::Closed`] if the queue is closed and empty
    /// - [`Error::Decode`] if the item's `Deserialize` refuses; the item is gone then
    pub fn get(&self) -> Result<T::Received> {
        self.get_until(None)
    }

    /// Takes the first item. Waits for one no longer than `timeout`.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`], and the errors of [`Queue::get`]. It is also `Empty`, as in Python, if a stopped process keeps
    /// the lock of the readers until then.
    pub fn get_timeout(&self, timeout: Duration) -> Result<T::Received> {
        self.get_until(deadline(timeout))
    }

    /// Takes the first item if there is one now.
    ///
    /// # Errors
    ///
    /// The errors of [`Queue::get_timeout`].
    pub fn try_get(&self) -> Result<T::Received> {
        self.get_until(Some(Instant::now()))
    }

    /// Takes one item after another until the queue is closed and empty, as `get` does. `for item in &queue` is the
    /// same. Python programs put a sentinel into the queue for that, one for each reader.
    pub fn iter(&self) -> Iter<'_, T> {
        Iter { queue: self }
    }

    fn put_until(&self, item: &T, deadline: Option<Instant>) -> Result<()> {
        item.send_with(|bytes| self.ring.put(bytes, deadline).map(drop))
    }

    fn get_until(&self, deadline: Option<Instant>) -> Result<T::Received> {
        T::receive_with(|bytes| self.ring.get(bytes, deadline, |_, _| {}))
    }
}

/// The items of a queue, until it is closed and empty; made by [`Queue::iter`].
pub struct Iter<'a, T: ?Sized> {
    queue: &'a Queue<T>,
}

impl<T: Message + ?Sized> Iterator for Iter<'_, T> {
    type Item = Result<T::Received>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.queue.get() {
            Err(Error::Closed) => None,
            item => Some(item),
        }
    }
}

impl<'a, T: Message + ?Sized> IntoIterator for &'a Queue<T> {
    type Item = Result<T::Received>;
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Iter<'a, T> {
        self.iter()
    }
}

impl<T: ?Sized> fmt::Debug for Queue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue").field("len", &self.len()).finish_non_exhaustive()
    }
}

impl<T: ?Sized> fmt::Debug for Iter<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Iter").field("queue", self.queue).finish()
    }
}
