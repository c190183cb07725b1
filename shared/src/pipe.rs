//! Messages from one process to another through the system's pipes.
//!
//! A pipe carries bytes and has no notion of messages: a long message goes through in pieces, and its writer may be
//! killed between two of them. So the writer puts each message's length in front of it, and the reader collects the
//! pieces in a buffer until the message is complete (`pipe/ends.rs`). No one ever receives a part of a message.

mod ends;

use std::marker::PhantomData;
use std::time::{Duration, Instant};
use std::{fmt, io};

use self::ends::{Incoming, Outgoing};
use crate::deadline::deadline;
use crate::{Error, Message, Result};

/// A one-way pipe for messages of one type. Mirrors Python's `multiprocessing.Pipe(duplex=False)`; see pipe(7).
///
/// ```
/// let (mut receiver, mut sender) = shared::pipe::<(String, u32)>()?;
/// sender.send(&("tea".to_owned(), 3))?;
/// sender.send(&("milk".to_owned(), 1))?;
/// assert_eq!(receiver.recv()?, ("tea".to_owned(), 3));
/// drop(sender); // No more will come, so the loop below ends.
/// for message in &mut receiver {
///     assert_eq!(message?, ("milk".to_owned(), 1));
/// }
/// # Ok::<(), shared::Error>(())
/// ```
///
/// Each end belongs to one process. [`Process::new(move || ..)`](crate::Process::new) moves an end into the child. The
/// parent closes the ends that it has moved, and the child closes the ends that it was not given. So the reader sees
/// end-of-file as soon as the writer's owner drops the write end or ends. After a plain [`fork()`](crate::fork()) both
/// processes have both ends, and each must drop the one that it does not use.
///
/// An end cannot be cloned, because two writers would tear each other's messages. For several writers or readers use a
/// [`Queue`](crate::Queue).
///
/// # Errors
///
/// [`Error::System`] if the process has no descriptors left.
pub fn pipe<T: Message + ?Sized>() -> Result<(Receiver<T>, Sender<T>)> {
    let (reader, writer) = io::pipe().map_err(Error::system("pipe"))?;
    let (incoming, outgoing) = (Incoming::new(reader)?, Outgoing::new(writer)?);
    Ok((Receiver { incoming, message: PhantomData }, Sender { outgoing, message: PhantomData }))
}

/// The write end of a [`pipe()`]. Dropping it closes it.
///
/// ```
/// use shared::{Error, pipe};
///
/// let (receiver, mut sender) = pipe::<u32>()?;
/// drop(receiver);
/// assert!(matches!(sender.send(&1), Err(Error::Closed))); // No process can read it any more.
/// # Ok::<(), Error>(())
/// ```
pub struct Sender<T: ?Sized> {
    outgoing: Outgoing,
    message: PhantomData<fn(&T)>,
}

impl<T: Message + ?Sized> Sender<T> {
    /// Sends a message. Waits while the pipe is full.
    ///
    /// # Errors
    ///
    /// - [`Error::Closed`] if the read end is closed
    /// - [`Error::Encode`] if the message cannot be encoded; nothing was sent then
    /// - [`Error::NotOwner`] in a child that was not given this end
    pub fn send(&mut self, message: &T) -> Result<()> {
        self.outgoing.send(message, None)
    }
}

/// The read end of a [`pipe()`]. Dropping it closes it.
///
/// It is an iterator over the messages, which ends at end-of-file.
///
/// ```
/// use std::time::Duration;
///
/// let (mut receiver, mut sender) = shared::pipe::<u32>()?;
/// assert!(!receiver.poll(Duration::ZERO)?);
/// sender.send(&1)?;
/// assert!(receiver.poll(Duration::ZERO)?);
/// drop(sender);
/// assert_eq!(receiver.collect::<shared::Result<Vec<u32>>>()?, [1]);
/// # Ok::<(), shared::Error>(())
/// ```
pub struct Receiver<T: ?Sized> {
    incoming: Incoming,
    message: PhantomData<fn(&T)>,
}

impl<T: Message + ?Sized> Receiver<T> {
    /// Takes the next message. Waits while there is none.
    ///
    /// # Errors
    ///
    /// - [`Error::Closed`] at end-of-file: the write end is closed, and all complete messages have been taken
    /// - [`Error::Decode`] if the bytes are not such a message; the next call continues with the one after it
    /// - [`Error::NotOwner`] in a child that was not given this end
    pub fn recv(&mut self) -> Result<T::Received> {
        self.recv_until(None)
    }

    /// Takes the next message. Waits for it no longer than `timeout`, in real time. A part of a message that has come
    /// by then is kept for the next call.
    ///
    /// # Errors
    ///
    /// [`Error::TimedOut`], and the errors of [`Receiver::recv`].
    pub fn recv_timeout(&mut self, timeout: Duration) -> Result<T::Received> {
        self.recv_until(deadline(timeout))
    }

    /// Waits until there is a message: `false` if none came within `timeout`, in real time. Mirrors Python's
    /// `Connection.poll`, which looks for a first byte; this one looks for a complete message.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] at end-of-file, and [`Error::NotOwner`] in a child that was not given this end.
    pub fn poll(&mut self, timeout: Duration) -> Result<bool> {
        match self.incoming.wait(deadline(timeout)) {
            Ok(()) => Ok(true),
            Err(Error::TimedOut) => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn recv_until(&mut self, deadline: Option<Instant>) -> Result<T::Received> {
        self.incoming.wait(deadline)?;
        T::read(self.incoming.take())
    }
}

impl<T: Message + ?Sized> Iterator for Receiver<T> {
    type Item = Result<T::Received>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.recv() {
            Err(Error::Closed) => None,
            message => Some(message),
        }
    }
}

/// One end of a two-way connection: it sends messages `S` and receives messages `R`. Mirrors Python's
/// `multiprocessing.Pipe()`.
///
/// ```
/// use shared::{Connection, Process};
///
/// let (mut child_end, mut parent_end) = Connection::<String, u32>::pair()?;
/// let child = Process::new(move || {
///     let number = child_end.recv()?;
///     child_end.send(&format!("{number} it is"))
/// });
/// let child = child.start()?;
/// parent_end.send(&42)?;
/// assert_eq!(parent_end.recv()?, "42 it is");
/// child.join()?;
/// # Ok::<(), shared::Error>(())
/// ```
///
/// It consists of two pipes, one for each direction. Each end belongs to one process, as [`pipe()`] explains.
pub struct Connection<S: ?Sized, R: ?Sized> {
    sender: Sender<S>,
    receiver: Receiver<R>,
}

impl<S: Message + ?Sized, R: Message + ?Sized> Connection<S, R> {
    /// Both ends.
    ///
    /// # Errors
    ///
    /// [`Error::System`] if the process has no descriptors left.
    pub fn pair() -> Result<(Self, Connection<R, S>)> {
        let (receiver, their_sender) = pipe()?;
        let (their_receiver, sender) = pipe()?;
        let theirs = Connection { sender: their_sender, receiver: their_receiver };
        Ok((Self { sender, receiver }, theirs))
    }

    /// Sends a message. While it waits for room it reads what arrives and keeps it for [`Connection::recv`]. So two
    /// sides that send long messages at the same time do not block each other.
    ///
    /// # Errors
    ///
    /// The errors of [`Sender::send`].
    pub fn send(&mut self, message: &S) -> Result<()> {
        self.sender.outgoing.send(message, Some(&mut self.receiver.incoming))
    }

    /// Takes the next message. Waits while there is none.
    ///
    /// # Errors
    ///
    /// The errors of [`Receiver::recv`].
    pub fn recv(&mut self) -> Result<R::Received> {
        self.receiver.recv()
    }

    /// Takes the next message. Waits for it no longer than `timeout`, in real time.
    ///
    /// # Errors
    ///
    /// The errors of [`Receiver::recv_timeout`].
    pub fn recv_timeout(&mut self, timeout: Duration) -> Result<R::Received> {
        self.receiver.recv_timeout(timeout)
    }

    /// The two halves, each of which can be closed by itself: drop the sender to say that no more will come, and go on
    /// receiving.
    pub fn split(self) -> (Sender<S>, Receiver<R>) {
        (self.sender, self.receiver)
    }
}

impl<T: ?Sized> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").finish_non_exhaustive()
    }
}

impl<T: ?Sized> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").finish_non_exhaustive()
    }
}

impl<S: ?Sized, R: ?Sized> fmt::Debug for Connection<S, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sender, receiver) = (&self.sender, &self.receiver);
        f.debug_struct("Connection").field("sender", sender).field("receiver", receiver).finish()
    }
}
