//! One mapping for several values.
//!
//! To map and unmap memory takes 7 µs, and 12 if a page of it is used. Each fork takes 1 µs longer for each mapping,
//! because the kernel copies it and later removes the copy. So values that come and go together share one.

use std::alloc::Layout;
use std::ops::Range;
use std::ptr::NonNull;
use std::sync::Arc;

use nix::libc::c_void;

use super::mapping::Mapping;
use crate::sys::Result;
#[cfg(feature = "messages")]
use crate::sys::Sealed;

/// No two pieces share a pair of cache lines. `ring_header.rs` says why pairs.
const ALIGNMENT: usize = 128;
/// A piece of this size or more is a large one.
const PAGE: usize = 4096;

/// A mapping that several values share. It gives out pieces, and takes none back.
#[derive(Debug)]
pub(crate) struct Arena {
    mapping: Option<Arc<Mapping>>,
    /// The offsets of what has not been taken. Small pieces are taken from its start and large ones from its end: the
    /// small ones are together on few pages, and each process that uses them has few pages to map.
    free: Range<usize>,
}

/// Memory for one value: zeros at first. No two pieces overlap, and none is given out again. The mapping is unmapped
/// when the arena and all pieces have been dropped.
#[derive(Debug)]
pub(super) struct Piece {
    #[cfg_attr(not(test), expect(dead_code, reason = "it keeps the memory mapped"))]
    mapping: Arc<Mapping>,
    start: NonNull<c_void>,
    length: usize,
}

// SAFETY: a piece is an address and a length, the same for every thread. Code that makes references into it answers for
// what they refer to.
unsafe impl Send for Piece {}
// SAFETY: as above.
unsafe impl Sync for Piece {}

/// The bytes that a piece of this size takes.
pub(super) fn footprint(size: usize) -> usize {
    size.checked_next_multiple_of(ALIGNMENT).unwrap_or(usize::MAX)
}

impl Arena {
    /// An arena without room: each piece gets a mapping of its own.
    pub(crate) const fn empty() -> Self {
        Self { mapping: None, free: 0..0 }
    }

    /// An arena for pieces whose footprints are `length` bytes in all. It has no room if the system refuses a mapping
    /// of this length.
    pub(crate) fn new(length: usize) -> Self {
        let mapping = Mapping::new(length).ok().map(Arc::new);
        let free = 0..mapping.as_ref().map_or(0, |mapping| mapping.length());
        Self { mapping, free }
    }

    /// Memory of this layout. Where the arena has no room for it, it gets a mapping of its own.
    pub(super) fn piece(&mut self, layout: Layout) -> Result<Piece> {
        match self.take(layout) {
            Some(piece) => Ok(piece),
            None => Piece::new(layout),
        }
    }

    fn take(&mut self, layout: Layout) -> Option<Piece> {
        let mapping = Arc::clone(self.mapping.as_ref()?);
        let Range { start, end } = self.free;
        let (alignment, length) = (layout.align().max(ALIGNMENT), layout.size());
        let is_small = length < PAGE;
        let offset = if is_small {
            start.next_multiple_of(alignment)
        } else {
            end.checked_sub(length)? & !(alignment - 1)
        };
        if offset < start || offset + length > end {
            return None;
        }
        self.free = if is_small { offset + length..end } else { start..offset };
        // SAFETY: the offset is at most the mapping's length, as `free` is within the mapping.
        let start = unsafe { mapping.start().byte_add(offset) };
        Some(Piece { mapping, start, length })
    }
}

impl Piece {
    /// A mapping for it alone. It starts at a page, and no type here asks for a stricter alignment.
    pub(super) fn new(layout: Layout) -> Result<Self> {
        Ok(Self::whole(Mapping::new(layout.size())?))
    }

    /// All of that memory, with what is in it.
    #[cfg(feature = "messages")]
    pub(super) fn of(memory: &Sealed) -> Result<Self> {
        Ok(Self::whole(Mapping::of(memory)?))
    }

    fn whole(mapping: Mapping) -> Self {
        Self { start: mapping.start(), length: mapping.length(), mapping: Arc::new(mapping) }
    }

    /// Aligned as its layout asks for.
    pub(super) fn start(&self) -> NonNull<c_void> {
        self.start
    }

    pub(super) fn length(&self) -> usize {
        self.length
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(size: usize, alignment: usize) -> Layout {
        Layout::from_size_align(size, alignment).unwrap()
    }

    fn addresses(piece: &Piece) -> Range<usize> {
        let start = piece.start().addr().get();
        start..start + piece.length()
    }

    #[test]
    fn pieces_share_a_mapping_and_nothing_else() {
        let sizes = [1, PAGE, 200, 3 * PAGE + 1, 128, PAGE - 1];
        let mut arena = Arena::new(sizes.into_iter().map(footprint).sum());
        let whole = arena.mapping.clone().unwrap();
        let pieces = sizes.map(|size| arena.piece(layout(size, 8)).unwrap());
        let mut ranges = pieces.each_ref().map(addresses);
        ranges.sort_by_key(|range| range.start);
        for range in &ranges {
            assert!(range.start.is_multiple_of(ALIGNMENT));
            let start = whole.start().addr().get();
            assert!(range.start >= start && range.end <= start + whole.length(), "{range:?}");
        }
        assert!(ranges.windows(2).all(|pair| pair[0].end <= pair[1].start), "{ranges:?}");
        // The small ones are on as few pages as possible.
        let start = whole.start().addr().get();
        let small = pieces.iter().filter(|piece| piece.length() < PAGE).map(addresses);
        assert_eq!(small.map(|range| range.end).max(), Some(start + 128 + 256 + 128 + PAGE - 1));
    }

    #[test]
    fn a_piece_without_room_has_its_own_mapping() {
        let mut arena = Arena::new(PAGE);
        let arenas = [&mut arena, &mut Arena::empty(), &mut Arena::new(usize::MAX)];
        for arena in arenas {
            let mapping = arena.mapping.clone();
            let piece = arena.piece(layout(PAGE + 1, 8)).unwrap();
            assert!(mapping.is_none_or(|mapping| !Arc::ptr_eq(&mapping, &piece.mapping)));
            assert_eq!((piece.start(), piece.length()), (piece.mapping.start(), PAGE + 1));
        }
        let piece = arena.piece(layout(PAGE, PAGE)).unwrap();
        assert!(Arc::ptr_eq(arena.mapping.as_ref().unwrap(), &piece.mapping));
        assert_eq!(arena.free.len(), 0);
    }

    #[test]
    fn the_memory_stays_as_long_as_a_piece() {
        let mut arena = Arena::new(2 * PAGE);
        let (first, second) = [0; 2].map(|_| arena.piece(layout(PAGE, 1)).unwrap()).into();
        let mapping = Arc::downgrade(&first.mapping);
        drop((arena, first));
        assert!(mapping.upgrade().is_some());
        drop(second);
        assert!(mapping.upgrade().is_none());
    }
}
