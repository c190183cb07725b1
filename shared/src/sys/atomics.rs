//! Atomic values in memory that processes share.

use std::alloc::Layout;
use std::marker::PhantomData;
use std::ops::Deref;
use std::slice;
use std::sync::atomic::AtomicU64;

use super::Atomic;
use super::arena::{Arena, Piece, footprint};
#[cfg(feature = "messages")]
use crate::sys::Sealed;
use crate::sys::{Error, Result};

/// A value that processes share. Every operation on it is atomic.
#[derive(Debug)]
pub(crate) struct Shared<T> {
    piece: Piece,
    value: PhantomData<T>,
}

// SAFETY: it hands out nothing but `&T`, and an `Atomic` type may be used from any thread (it is Send and Sync).
unsafe impl<T: Atomic> Send for Shared<T> {}
// SAFETY: as above.
unsafe impl<T: Atomic> Sync for Shared<T> {}

impl<T: Atomic> Shared<T> {
    pub(crate) fn new(value: T) -> Result<Self> {
        let piece = Piece::new(Layout::new::<T>())?;
        // SAFETY: the piece is new, and has the layout of a `T`.
        unsafe { piece.start().cast::<T>().write(value) };
        Ok(Self { piece, value: PhantomData })
    }

    pub(crate) fn get(&self) -> &T {
        // SAFETY: it was written in `new` and stays mapped as long as `self`. Other processes change it meanwhile, but
        // an `Atomic` type can be changed only by atomic operations.
        unsafe { self.piece.start().cast::<T>().as_ref() }
    }
}

/// An array of atomic numbers that processes share. All of them are 0 at first.
#[derive(Debug)]
pub(crate) struct AtomicWords {
    piece: Piece,
    length: usize,
}

impl AtomicWords {
    pub(crate) fn new_in(arena: &mut Arena, length: usize) -> Result<Self> {
        let layout = Layout::array::<AtomicU64>(length).map_err(|_| Error::too_large())?;
        Ok(Self { piece: arena.piece(layout)?, length })
    }

    /// The bytes of an arena that they take.
    pub(crate) fn footprint(length: usize) -> usize {
        footprint(length.saturating_mul(size_of::<AtomicU64>()))
    }

    /// As many words as that memory has room for.
    #[cfg(feature = "messages")]
    pub(crate) fn of(memory: &Sealed) -> Result<Self> {
        let piece = Piece::of(memory)?;
        let length = piece.length() / size_of::<AtomicU64>();
        Ok(Self { piece, length })
    }
}

impl Deref for AtomicWords {
    type Target = [AtomicU64];

    fn deref(&self) -> &[AtomicU64] {
        // SAFETY: the piece has room for `length` words, is aligned for them, and stays as long as `self`. Any bytes
        // are a value of each, and every process changes them only by atomic operations.
        unsafe { slice::from_raw_parts(self.piece.start().cast().as_ptr(), self.length) }
    }
}
