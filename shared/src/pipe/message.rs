//! What can be sent, and what arrives of it.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Result, decode, wire};

/// What goes through a pipe: values that serde can write and read, and `[u8]`, bytes as they are.
pub trait Message {
    /// What the other side gets: the type itself, and a `Vec<u8>` for bytes.
    type Received;

    /// Writes the message behind other bytes.
    ///
    /// # Errors
    ///
    /// [`Error::Encode`](crate::Error::Encode) if the type's `Serialize` refuses.
    fn append(&self, bytes: &mut Vec<u8>) -> Result<()>;

    /// Reads a message that is all of these bytes.
    ///
    /// # Errors
    ///
    /// [`Error::Decode`](crate::Error::Decode) if they are none.
    fn read(bytes: &[u8]) -> Result<Self::Received>;
}

impl<T: Serialize + DeserializeOwned> Message for T {
    type Received = T;

    fn append(&self, bytes: &mut Vec<u8>) -> Result<()> {
        wire::append(self, bytes)
    }

    fn read(bytes: &[u8]) -> Result<T> {
        decode(bytes)
    }
}

impl Message for [u8] {
    type Received = Vec<u8>;

    fn append(&self, bytes: &mut Vec<u8>) -> Result<()> {
        bytes.extend_from_slice(self);
        Ok(())
    }

    fn read(bytes: &[u8]) -> Result<Vec<u8>> {
        Ok(bytes.to_vec())
    }
}
