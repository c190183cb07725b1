//! Memory that processes share, where a fork would give each a copy.

use std::ops::Deref;

use crate::{Atomic, Result, sys};

/// Atomics that this process and the children it starts later have in common.
///
/// Mirrors Python's `multiprocessing.RawValue` and `RawArray`, see mmap(2) for MAP_SHARED. It has no name, so that
/// nothing of it is left when the last process ends, however that ends. A [`Lock`](crate::sync::Lock) holds numbers
/// that change together.
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
/// What holds a pointer is refused: the other processes would find nothing where it points.
///
/// ```compile_fail,E0277
/// let list = shared::Memory::new(vec![1, 2, 3]);
/// ```
///
/// So is std's mutex, which would hang: it wakes waiters of its own process only.
///
/// ```compile_fail,E0277
/// let mutex = shared::Memory::new(std::sync::Mutex::new(0));
/// ```
#[derive(Debug)]
pub struct Memory<T>(sys::Shared<T>);

impl<T: Atomic> Memory<T> {
    /// Shared memory with this value in it. Children started from now on see it, and each other's changes.
    ///
    /// # Errors
    ///
    /// [`Error::System`](crate::Error::System) if there is no memory left.
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
