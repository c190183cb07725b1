//! Values as bytes, and back.
//!
//! Only bytes cross between processes. A forked child starts with a copy of its parent's memory. A value that is made
//! later must be encoded in one process and decoded in the other. Some values cannot be: a closure, an open file, a
//! lock.

use std::any::type_name;
use std::cell::Cell;
use std::mem;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Error, Result};

/// Encodes a value as bytes. Mirrors Python's `pickle.dumps`, but the bytes can never contain code.
///
/// ```
/// let bytes = shared::encode(&("zzb", 25_u8))?;
/// assert_eq!(bytes, [3, b'z', b'z', b'b', 25]); // A length, the letters, a number.
/// let (name, age): (String, u8) = shared::decode(&bytes)?;
/// assert_eq!((name.as_str(), age), ("zzb", 25));
/// # Ok::<(), shared::Error>(())
/// ```
///
/// The format is [postcard](https://postcard.jamesmunns.com). It does not contain the names of types, so both sides
/// must use the same type. A parent and its forked child always do.
///
/// # Errors
///
/// [`Error::Encode`] if the type's `Serialize` refuses.
pub fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    append(value, &mut bytes)?;
    Ok(bytes)
}

/// Decodes the value that [`encode`] has encoded, from exactly its bytes. Mirrors Python's `pickle.loads`.
///
/// ```
/// let bytes = shared::encode("tea")?;
/// assert_eq!(shared::decode::<String>(&bytes)?, "tea");
/// assert!(shared::decode::<String>(&bytes[1..]).is_err());
/// # Ok::<(), shared::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Decode`] if the bytes are not a value of the type, or more than one.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let mut rest = bytes;
    let value = take(&mut rest)?;
    match rest.len() {
        0 => Ok(value),
        more => Err(malformed::<T>(format!("bytes left over: {more}"))),
    }
}

/// Appends a value to the bytes of others. An error empties the vector.
pub(crate) fn append<T: Serialize + ?Sized>(value: &T, bytes: &mut Vec<u8>) -> Result<()> {
    let refused = |error: postcard::Error| Error::Encode {
        type_name: type_name::<T>().to_owned(),
        reason: error.to_string(),
    };
    *bytes = postcard::to_extend(value, mem::take(bytes)).map_err(refused)?;
    Ok(())
}

/// Decodes the first of several values, and leaves the rest in `bytes`.
pub(crate) fn take<T: DeserializeOwned>(bytes: &mut &[u8]) -> Result<T> {
    let (value, rest) =
        postcard::take_from_bytes(bytes).map_err(|error| malformed::<T>(error.to_string()))?;
    *bytes = rest;
    Ok(value)
}

/// Lends an empty buffer. Each thread has one, which keeps its memory from one message to the next: to touch a new page
/// costs more time than a short message.
pub(crate) fn with_buffer<R>(work: impl FnOnce(&mut Vec<u8>) -> R) -> R {
    thread_local! {
        static BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
    }
    // When a thread ends, this buffer may be gone before other thread-locals that still send something.
    let mut buffer = BUFFER.try_with(Cell::take).unwrap_or_default();
    buffer.clear();
    let result = work(&mut buffer);
    let _ = BUFFER.try_with(|own| own.set(buffer));
    result
}

fn malformed<T>(reason: String) -> Error {
    Error::Decode { type_name: type_name::<T>().to_owned(), reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_value_is_refused_with_the_type_and_the_reason() {
        let bytes = encode(&300_u32).unwrap();
        assert_eq!(decode::<u32>(&bytes).unwrap(), 300);
        let short = decode::<u32>(&bytes[..1]).unwrap_err().to_string();
        assert!(short.starts_with("cannot decode a value of type u32: "), "{short}");
        let long = decode::<u8>(&[1, 2, 3]).unwrap_err().to_string();
        assert_eq!(long, "cannot decode a value of type u8: bytes left over: 2");
    }

    #[test]
    fn values_follow_each_other() {
        let mut bytes = Vec::new();
        append("zzb", &mut bytes).unwrap();
        append(&-1_i64, &mut bytes).unwrap();
        let mut rest = &bytes[..];
        assert_eq!(take::<String>(&mut rest).unwrap(), "zzb");
        assert_eq!(take::<i64>(&mut rest).unwrap(), -1);
        assert!(rest.is_empty());
    }
}
