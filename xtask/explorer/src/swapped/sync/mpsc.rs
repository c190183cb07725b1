//! Channels: messages from many senders to one receiver.

mod iter;

use std::collections::VecDeque;
use std::fmt;
use std::panic::Location;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

pub use self::iter::{IntoIter, Iter, TryIter};
pub use ::std::sync::mpsc::{RecvError, RecvTimeoutError, SendError, TryRecvError, TrySendError};

use crate::engine::objects::Object;
use crate::engine::objects::channel::{Channel, Sent};
use crate::engine::{self, Engine, Id, Op, Place};

/// What both ends share. The engine knows how many messages there are, and this holds them.
struct Shared<T> {
    id: Id,
    messages: Mutex<VecDeque<T>>,
}

impl<T> Shared<T> {
    fn new(capacity: Option<usize>, made: Place) -> Arc<Self> {
        let channel = Object::Channel(Channel::new(capacity));
        let id = engine::with(|engine| engine.state().make("channel", channel, made));
        Arc::new(Self { id, messages: Mutex::default() })
    }

    /// What the engine knows of the channel.
    fn channel<'e>(&self, engine: &'e mut Engine) -> &'e mut Channel {
        engine.state().objects().channel(self.id)
    }

    fn messages(&self) -> std::sync::MutexGuard<'_, VecDeque<T>> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a message in, within a step of this thread. Returns its number, or the message if there is no receiver.
    fn put(&self, engine: &mut Engine, message: T) -> Result<u64, T> {
        if !self.channel(engine).has_receiver() {
            engine.did(0, |state| format!("finds {} closed", state.object_name(self.id)));
            return Err(message);
        }
        let state = engine.state();
        let sent = Sent { hash: state.this().history(), clock: state.hand_on() };
        let number = self.channel(engine).send(sent);
        self.messages().push_back(message);
        engine.did(1, |state| format!("sends to {}", state.object_name(self.id)));
        Ok(number)
    }

    /// Takes a message out, within a step of this thread; none if there is none.
    fn take(&self, engine: &mut Engine) -> Option<T> {
        let Sent { hash, clock } = self.channel(engine).receive()?;
        engine.state().learn(&clock);
        engine.did(hash | 1, |state| format!("receives from {}", state.object_name(self.id)));
        self.messages().pop_front()
    }

    fn send(&self, message: T, at: Place) -> Result<(), SendError<T>> {
        let put = engine::act(Op::Send, self.id, at, |engine| self.put(engine, message));
        let number = put.map_err(SendError)?;
        if engine::with(|engine| self.channel(engine).is_rendezvous()) {
            engine::act(Op::Offered(number), self.id, at, |engine| {
                engine.did(0, |state| {
                    format!("sees its message received from {}", state.object_name(self.id))
                });
            });
        }
        Ok(())
    }

    /// Drops an end. The last sender or the receiver closes the channel, and that is a step.
    fn close(&self, at: Place, is_last: fn(&Channel) -> bool, close: fn(&mut Channel)) {
        if engine::with(|engine| is_last(self.channel(engine))) {
            let _closed = Closing { id: self.id, close };
            engine::point(Op::Close, self.id, at);
            engine::with(|engine| {
                engine.did(0, |state| format!("closes its end of {}", state.object_name(self.id)));
            });
        } else {
            engine::with(|engine| close(self.channel(engine)));
        }
    }
}

/// Closes the end, also if the thread is unwound before its turn.
struct Closing {
    id: Id,
    close: fn(&mut Channel),
}

impl Drop for Closing {
    fn drop(&mut self) {
        engine::with(|engine| (self.close)(engine.state().objects().channel(self.id)));
    }
}

/// An end for sending, of a channel that is never full.
pub struct Sender<T> {
    shared: Arc<Shared<T>>,
    at: Place,
}

/// An end for sending, of a channel with a capacity.
pub struct SyncSender<T> {
    shared: Arc<Shared<T>>,
    at: Place,
}

/// The end for receiving.
pub struct Receiver<T> {
    shared: Arc<Shared<T>>,
    at: Place,
}

/// A channel that is never full.
#[track_caller]
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let at = Location::caller();
    let shared = Shared::new(None, at);
    (Sender { shared: Arc::clone(&shared), at }, Receiver { shared, at })
}

/// A channel with this capacity. With 0, a sender waits until its message is received.
#[track_caller]
pub fn sync_channel<T>(capacity: usize) -> (SyncSender<T>, Receiver<T>) {
    let at = Location::caller();
    let shared = Shared::new(Some(capacity), at);
    (SyncSender { shared: Arc::clone(&shared), at }, Receiver { shared, at })
}

/// What both kinds of senders have in common.
macro_rules! sender {
    ($name:ident) => {
        impl<T> $name<T> {
            /// Sends a message. If the channel is full, waits for a place.
            ///
            /// # Errors
            ///
            /// The receiver was dropped. The error holds the message.
            #[track_caller]
            pub fn send(&self, message: T) -> Result<(), SendError<T>> {
                self.shared.send(message, Location::caller())
            }
        }

        impl<T> Clone for $name<T> {
            fn clone(&self) -> Self {
                engine::with(|engine| self.shared.channel(engine).add_sender());
                Self { shared: Arc::clone(&self.shared), at: self.at }
            }
        }

        impl<T> Drop for $name<T> {
            fn drop(&mut self) {
                self.shared.close(self.at, Channel::has_one_sender, Channel::drop_sender);
            }
        }

        impl<T> fmt::Debug for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    };
}

sender!(Sender);
sender!(SyncSender);

impl<T> SyncSender<T> {
    /// Sends a message, if there is a place for it.
    ///
    /// # Errors
    ///
    /// The channel is full, or the receiver was dropped. The error holds the message.
    #[track_caller]
    pub fn try_send(&self, message: T) -> Result<(), TrySendError<T>> {
        let shared = &self.shared;
        engine::act(Op::TrySend, shared.id, Location::caller(), |engine| {
            if shared.channel(engine).refuses() {
                engine.did(2, |state| format!("finds {} full", state.object_name(shared.id)));
                return Err(TrySendError::Full(message));
            }
            shared.put(engine, message).map(|_| ()).map_err(TrySendError::Disconnected)
        })
    }
}

impl<T> Receiver<T> {
    /// Waits for a message.
    ///
    /// # Errors
    ///
    /// All senders were dropped, and there is no message left.
    #[track_caller]
    pub fn recv(&self) -> Result<T, RecvError> {
        self.receive(Location::caller())
    }

    fn receive(&self, at: Place) -> Result<T, RecvError> {
        self.come(at);
        engine::act(Op::Receive { timed: false }, self.shared.id, at, |engine| {
            self.shared.take(engine).ok_or_else(|| {
                engine
                    .did(0, |state| format!("finds {} closed", state.object_name(self.shared.id)));
                RecvError
            })
        })
    }

    /// Shows `try_send` that a thread waits for a message, if the channel is a rendezvous.
    fn come(&self, at: Place) {
        let id = self.shared.id;
        if engine::with(|engine| self.shared.channel(engine).is_rendezvous()) {
            engine::act(Op::Come, id, at, |engine| {
                self.shared.channel(engine).set_awaited(true);
                engine
                    .did(0, |state| format!("comes for a message from {}", state.object_name(id)));
            });
        }
    }

    /// Takes a message, if there is one.
    ///
    /// # Errors
    ///
    /// There is no message, or there will never be one.
    #[track_caller]
    pub fn try_recv(&self) -> Result<T, TryRecvError> {
        engine::act(Op::TryReceive, self.shared.id, Location::caller(), |engine| {
            self.shared.take(engine).ok_or_else(|| {
                let is_closed = self.shared.channel(engine).is_closed();
                engine.did(u64::from(is_closed) << 1, |state| {
                    let found = if is_closed { "closed" } else { "empty" };
                    format!("finds {} {found}", state.object_name(self.shared.id))
                });
                if is_closed { TryRecvError::Disconnected } else { TryRecvError::Empty }
            })
        })
    }

    /// Waits for a message, or for the end of the timeout, which may be at any time.
    ///
    /// # Errors
    ///
    /// The timeout has ended, or there will never be a message.
    #[track_caller]
    pub fn recv_timeout(&self, _: Duration) -> Result<T, RecvTimeoutError> {
        let (op, at) = (Op::Receive { timed: true }, Location::caller());
        self.come(at);
        engine::act(op, self.shared.id, at, |engine| {
            self.shared.take(engine).ok_or_else(|| {
                self.shared.channel(engine).set_awaited(false);
                let is_closed = self.shared.channel(engine).is_closed();
                if !is_closed {
                    engine.state().yields();
                }
                engine.did(u64::from(is_closed) << 1, |state| {
                    let channel = state.object_name(self.shared.id);
                    match is_closed {
                        true => format!("finds {channel} closed"),
                        false => format!("stops waiting for a message from {channel}"),
                    }
                });
                if is_closed { RecvTimeoutError::Disconnected } else { RecvTimeoutError::Timeout }
            })
        })
    }

    /// The messages, until all senders are dropped.
    pub fn iter(&self) -> Iter<'_, T> {
        Iter::new(self)
    }

    /// The messages that are there.
    pub fn try_iter(&self) -> TryIter<'_, T> {
        TryIter::new(self)
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.shared.close(self.at, |_| true, Channel::drop_receiver);
        // A message's destructor may use the channel: it runs when the queue is free again.
        let messages = std::mem::take(&mut *self.shared.messages());
        drop(messages);
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").finish_non_exhaustive()
    }
}
