//! A lock array in memory that can be handed to a process that is already running.

use std::any::type_name;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;

use super::{Error, LockArray, Mutex, MutexKind, Piece, Result};
use crate::sys::{Atomic, Plain, Sealed};

impl<H: Atomic, T: Plain> LockArray<H, T> {
    /// Memory that contains a lock array. Another process makes a lock array of it with [`LockArray::of`].
    pub(crate) fn sealed(header: H, length: usize, value: T, kind: MutexKind) -> Result<Sealed> {
        let memory = Sealed::new(Self::layout(length)?.0.size() + size_of::<u64>())?;
        Self::write(Piece::of(&memory)?, header, length, value, kind)?;
        memory.sign(Self::signature(length))?; // From here on it is a lock array.
        Ok(memory)
    }

    /// The lock array that [`LockArray::sealed`] has written into that memory, in a process of this program.
    ///
    /// The signature is the proof. It is written last, and only what can write into any memory of this user's
    /// processes, as through /proc/PID/mem, can forge it.
    pub(crate) fn of(memory: &Sealed, length: usize) -> Result<Self> {
        if memory.signature()? != Self::signature(length) {
            return Err(Error::call("mapping a lock array")(io::Error::from(
                io::ErrorKind::InvalidData,
            )));
        }
        Self::view(Piece::of(memory)?, length)
    }

    /// Names the type, its length, and how this program lays them out.
    fn signature(length: usize) -> u64 {
        let mut hasher = DefaultHasher::new(); // Without a random key: the same in each process.
        (type_name::<Self>(), Self::layout(length).ok(), size_of::<Mutex>()).hash(&mut hasher);
        hasher.finish()
    }
}
