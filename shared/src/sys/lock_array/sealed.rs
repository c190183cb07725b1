//! A row in memory that is handed to a process that runs already.

use std::any::type_name;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;

use super::{LockArray, Mapping, Mutex, MutexKind};
use crate::sys::{Atomic, Plain, Sealed};
use crate::{Error, Result};

impl<S: Atomic, T: Plain> LockArray<S, T> {
    /// A row in memory that another process can be handed. There, [`LockArray::of`] makes it a row kind.
    pub(crate) fn sealed(header: S, length: usize, value: T, kind: MutexKind) -> Result<Sealed> {
        let memory = Sealed::new(Self::layout(length)?.0.size() + size_of::<u64>())?;
        Self::write(Mapping::of(&memory)?, header, length, value, kind)?;
        memory.sign(Self::signature(length))?; // From here on it is a row.
        Ok(memory)
    }

    /// The row that [`LockArray::sealed`] has made of that memory, in a process of this program.
    ///
    /// The signature says so: it is written last, and to forge it takes what can write into any memory of this user's
    /// processes, as through /proc/PID/mem.
    pub(crate) fn of(memory: &Sealed, length: usize) -> Result<Self> {
        if memory.signature()? != Self::signature(length) {
            return Err(Error::system("mmap")(io::Error::from(io::ErrorKind::InvalidData)));
        }
        Self::view(Mapping::of(memory)?, length)
    }

    /// Names the type, its length, and how this program lays them out.
    fn signature(length: usize) -> u64 {
        let mut hasher = DefaultHasher::new(); // Without a random key: the same in each process.
        (type_name::<Self>(), Self::layout(length).ok(), size_of::<Mutex>()).hash(&mut hasher);
        hasher.finish()
    }
}
