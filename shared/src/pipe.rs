//! Messages from one process to another through the system's pipes.
//!
//! A pipe carries bytes and knows nothing of messages: a long one goes through in pieces, and its writer may be killed
//! between two of them. So each message has its length in front, and the reader collects the pieces in a buffer of its
//! own until it has all (`pipe/ends.rs`). Nobody ever sees a part of a message.

mod ends;
mod message;

use std::marker::PhantomData;
use std::time::Duration;
use std::{fmt, io};

use self::ends::{Incoming, Outgoing};
pub use self::message::Message;
use crate::{Error, Result};

/// A pipe for messages of one type, which go one way. Mirrors Python's `multiprocessing.Pipe(duplex=False)`, see pipe(7).
///
/// ```
/// let (mut receiver, mut sender) = shared::pipe::<(String, u32)>()?;
/// sender.send(&("tea".to_owned(), 3))?;
/// assert_eq!(receiver.recv()?, ("tea".to_owned(), 3));
/// drop(sender);
/// assert!(matches!(receiver.recv(), Err(shared::Error::Closed)));
/// # Ok::<(), shared::Error>(())
/// ```
///
/// An end belongs to one process. [`Process::new(move || ..)`](crate::Process::new) moves it into the child: there it
/// is closed in the parent, and an end that was not moved is closed in the child. So the reader sees end-of-file as soon
/// as the writer's owner drops it, or ends. A plain [`fork()`](crate::fork()) leaves both ends to both processes, and
/// each must drop what it does not use.
///
/// An end cannot be cloned, for two writers would tear each other's messages. Several writers, or readers, want a
/// [`Queue`](crate::Queue).
///
/// # Errors
///
/// [`Error::System`] where no descriptor is left.
pub fn pipe<T: Message + ?Sized>() -> Result<(Receiver<T>, Sender<T>)> {
    let (reader, writer) = io::pipe().map_err(Error::system("pipe"))?;
    let (incoming, outgoing) = (Incoming::new(reader)?, Outgoing::new(writer)?);
    Ok((Receiver { incoming, kind: PhantomData }, Sender { outgoing, kind: PhantomData }))
}

/// The write end of a [`pipe()`]. Dropping it closes it.
pub struct Sender<T: ?Sized> {
    outgoing: Outgoing,
    kind: PhantomData<fn(&T)>,
}

impl<T: Message + ?Sized> Sender<T> {
    /// Sends a message. Waits while the pipe is full, so long as the reader does not read.
    ///
    /// # Errors
    ///
    /// - [`Error::Closed`] if the read end is closed
    /// - [`Error::Encode`] if the value has no form that can cross; nothing was sent then
    /// - [`Error::NotOwner`] in a child that the end was not moved into
    pub fn send(&mut self, message: &T) -> Result<()> {
        self.outgoing.send(message, None)
    }
}

/// The read end of a [`pipe()`]. Dropping it closes it.
pub struct Receiver<T: ?Sized> {
    incoming: Incoming,
    kind: PhantomData<fn(&T)>,
}

impl<T: Message + ?Sized> Receiver<T> {
    /// Waits for the next message.
    ///
    /// # Errors
    ///
    /// - [`Error::Closed`] at end-of-file: the write end is closed, and all whole messages have been taken
    /// - [`Error::Decode`] if what came is no such message; the next call gets the one behind it
    /// - [`Error::NotOwner`] in a child that the end was not moved into
    pub fn recv(&mut self) -> Result<T::Received> {
        self.take(None)
    }

    /// Waits for the next message, so long at most, in real time. What has come of it by then is kept for the next call.
    ///
    /// # Errors
    ///
    /// [`Error::TimedOut`], and those of [`Receiver::recv`].
    pub fn recv_timeout(&mut self, limit: Duration) -> Result<T::Received> {
        self.take(Some(limit))
    }

    /// Waits until there is a message, so long at most, in real time. Mirrors Python's `Connection.poll`, but looks for
    /// a whole message.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] at end-of-file, [`Error::NotOwner`] in a child that the end was not moved into.
    pub fn poll(&mut self, limit: Duration) -> Result<bool> {
        match self.incoming.wait(Some(limit)) {
            Ok(()) => Ok(true),
            Err(Error::TimedOut) => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn take(&mut self, limit: Option<Duration>) -> Result<T::Received> {
        self.incoming.wait(limit)?;
        T::read(self.incoming.take())
    }
}

/// One end of a connection that goes both ways: sends `S`, receives `R`. Mirrors Python's `multiprocessing.Pipe()`.
///
/// ```
/// use shared::Connection;
///
/// let (mut asker, mut answerer) = Connection::<u32, String>::pair()?;
/// asker.send(&42)?;
/// let number = answerer.recv()?;
/// answerer.send(&format!("{number} it is"))?;
/// assert_eq!(asker.recv()?, "42 it is");
/// # Ok::<(), shared::Error>(())
/// ```
///
/// It is two pipes, one for each way, and what is said of [`pipe()`]'s ends holds for it.
pub struct Connection<S: ?Sized, R: ?Sized> {
    sender: Sender<S>,
    receiver: Receiver<R>,
}

impl<S: Message + ?Sized, R: Message + ?Sized> Connection<S, R> {
    /// Both ends.
    ///
    /// # Errors
    ///
    /// [`Error::System`] where no descriptor is left.
    pub fn pair() -> Result<(Self, Connection<R, S>)> {
        let (receiver, their_sender) = pipe()?;
        let (their_receiver, sender) = pipe()?;
        let theirs = Connection { sender: their_sender, receiver: their_receiver };
        Ok((Self { sender, receiver }, theirs))
    }

    /// Sends a message. While it waits for room it takes in what comes, so two sides that send at once do not wait for
    /// each other for ever.
    ///
    /// # Errors
    ///
    /// Those of [`Sender::send`].
    pub fn send(&mut self, message: &S) -> Result<()> {
        self.sender.outgoing.send(message, Some(&mut self.receiver.incoming))
    }

    /// Waits for the next message.
    ///
    /// # Errors
    ///
    /// Those of [`Receiver::recv`].
    pub fn recv(&mut self) -> Result<R::Received> {
        self.receiver.recv()
    }

    /// Waits for the next message, so long at most, in real time.
    ///
    /// # Errors
    ///
    /// Those of [`Receiver::recv_timeout`].
    pub fn recv_timeout(&mut self, limit: Duration) -> Result<R::Received> {
        self.receiver.recv_timeout(limit)
    }

    /// Waits until there is a message, so long at most, in real time.
    ///
    /// # Errors
    ///
    /// Those of [`Receiver::poll`].
    pub fn poll(&mut self, limit: Duration) -> Result<bool> {
        self.receiver.poll(limit)
    }

    /// The two halves, to give away or to close one by one: who drops the sender has nothing more to say, and listens.
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
