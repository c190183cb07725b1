//! What can cross from one process to another.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Result, decode, wire};

/// What pipes and queues carry: every type that serde can write and read, and `[u8]`, which crosses unchanged.
///
/// You need not implement it. Derive serde's two traits, and your type is a message:
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use shared::Queue;
///
/// #[derive(Serialize, Deserialize)]
/// enum Order {
///     Tea { cups: u32 },
///     Nothing,
/// }
///
/// let orders = Queue::new()?;
/// orders.put(&Order::Tea { cups: 3 })?;
/// orders.put(&Order::Nothing)?;
/// assert!(matches!(orders.get()?, Order::Tea { cups: 3 }));
///
/// let bytes = Queue::<[u8]>::new()?; // No encoding: what you put is what the other side gets.
/// bytes.put(b"raw")?;
/// assert_eq!(bytes.get()?, b"raw");
/// # Ok::<(), shared::Error>(())
/// ```
///
/// References, closures and open files are not messages: they mean something in one process only.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot cross to another process",
    note = "derive serde's `Serialize` and `Deserialize` for a type of your own",
    note = "references, closures, locks and open files have no form that another process could use"
)]
pub trait Message: 'static {
    /// What the other side gets: the type itself, or a `Vec<u8>` for `[u8]`.
    type Received: Serialize + DeserializeOwned + 'static;

    /// Appends the message's bytes.
    ///
    /// # Errors
    ///
    /// [`Error::Encode`](crate::Error::Encode) if the type's `Serialize` refuses.
    fn append(&self, bytes: &mut Vec<u8>) -> Result<()>;

    /// Reads a message that takes up all of these bytes.
    ///
    /// # Errors
    ///
    /// [`Error::Decode`](crate::Error::Decode) if they are not a value of this type.
    fn read(bytes: &[u8]) -> Result<Self::Received>;

    /// Lends the message's bytes to `send`.
    ///
    /// # Errors
    ///
    /// The errors of [`Message::append`] and of `send`.
    fn send_with<R>(&self, send: impl FnOnce(&[u8]) -> Result<R>) -> Result<R> {
        wire::with_buffer(|bytes| {
            self.append(bytes)?;
            send(bytes)
        })
    }

    /// Reads the message whose bytes `receive` writes into an empty vector.
    ///
    /// # Errors
    ///
    /// The errors of [`Message::read`] and of `receive`.
    fn receive_with(receive: impl FnOnce(&mut Vec<u8>) -> Result<()>) -> Result<Self::Received> {
        wire::with_buffer(|bytes| {
            receive(bytes)?;
            Self::read(bytes)
        })
    }
}

impl<T: Serialize + DeserializeOwned + 'static> Message for T {
    type Received = T;

    fn append(&self, bytes: &mut Vec<u8>) -> Result<()> {
        wire::append(self, bytes)
    }

    fn read(bytes: &[u8]) -> Result<T> {
        decode(bytes)
    }
}

// The last two do not copy: a message of bytes may be long.
impl Message for [u8] {
    type Received = Vec<u8>;

    fn append(&self, bytes: &mut Vec<u8>) -> Result<()> {
        bytes.extend_from_slice(self);
        Ok(())
    }

    fn read(bytes: &[u8]) -> Result<Vec<u8>> {
        Ok(bytes.to_vec())
    }

    fn send_with<R>(&self, send: impl FnOnce(&[u8]) -> Result<R>) -> Result<R> {
        send(self)
    }

    fn receive_with(receive: impl FnOnce(&mut Vec<u8>) -> Result<()>) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        receive(&mut bytes)?;
        Ok(bytes)
    }
}
