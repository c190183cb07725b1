//! Memory that processes share, where other memory is copied by a fork.

use std::ops::Deref;

use crate::{Atomic, Result, sys};

/// Atomics that this process shares with the children that it starts later.
///
/// Mirrors Python's `multiprocessing.RawValue` and `RawArray`, see mmap(2) for MAP_SHARED. The memory has no name: it
/// vanishes with the last process that has it, however that process ends. For numbers that have to change together, use
/// a [`Lock`](crate::sync::Lock).
///
/// ```
/// use std::sync::atomic::{AtomicU32, Ordering};
///
/// let answers = shared::Memory::new([const { AtomicU32::new(0) }; 3])?;
/// answers[1].fetch_add(42, Ordering::Relaxed);
/// assert_eq!(answers[1].load(Ordering::Relaxed), 42);
/// # Ok::<(), shared::Error>(())
/// ```
///
/// The compiler refuses a value with a pointer in it: in another process the pointer would lead nowhere.
///
/// ```compile_fail,E0277
/// let list = shared::Memory::new(vec![1, 2, 3]);
/// ```
///
/// It also refuses std's mutex, which would hang: it wakes only waiters of the same process.
///
/// ```compile_fail,E0277
/// let mutex = shared::Memory::new(std::sync::Mutex::new(0));
/// ```
#[derive(Debug)]
pub struct Memory<T>(sys::Shared<T>);

impl<T: Atomic> Memory<T> {
    /// Shared memory that contains this value. Children that are started from now on see it, and each other's changes.
    ///
    /// # Errors
    ///
    /// [`Error::System`](crate::Error::System) if the machine has no more memory, or this process may have no more.
    pub fn new(value: T) -> Result<Self> {
        Ok(Self(sys::Shared::new(value)?))
    }
}

impl<T: Atomic> Deref for Memory<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.get()
    }
}
