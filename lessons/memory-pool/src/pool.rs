//! A pool of blocks of one size: slabs, and a list of the blocks that are free.

mod contents; // What is in the blocks?

use std::{array, mem};

/// The number of a block, and the one use of it that the handle is for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Handle {
    block: usize,
    generation: u32,
}

struct Block<T> {
    /// How often the block has been freed.
    generation: u32,
    content: Content<T>,
}

/// The free list is in the free blocks, so it takes no memory of its own.
enum Content<T> {
    Used(T),
    Free { next: usize },
}

/// Blocks for values of one type, in slabs of `SLAB` blocks. A block never moves.
pub(crate) struct Pool<T, const SLAB: usize> {
    slabs: Vec<Box<[Block<T>; SLAB]>>,
    /// The first block of the free list. The list ends with the first block of the slab that does not exist yet.
    first_free: usize,
}

impl<T, const SLAB: usize> Pool<T, SLAB> {
    pub(crate) fn new() -> Self {
        Self { slabs: Vec::new(), first_free: 0 }
    }

    /// Puts `value` into the first free block.
    pub(crate) fn allocate(&mut self, value: T) -> Handle {
        let index = self.first_free;
        if index == self.slabs.len() * SLAB {
            self.grow();
        }
        let block = &mut self.slabs[index / SLAB][index % SLAB];
        let Content::Free { next } = block.content else {
            unreachable!("a block in the free list is free")
        };
        self.first_free = next;
        block.content = Content::Used(value);
        Handle { block: index, generation: block.generation }
    }

    /// Takes the value out of its block, which becomes the first free one. `None` if this was done before.
    pub(crate) fn free(&mut self, handle: Handle) -> Option<T> {
        let block = self.slabs.get_mut(handle.block / SLAB)?.get_mut(handle.block % SLAB)?;
        if block.generation != handle.generation {
            return None;
        }
        match mem::replace(&mut block.content, Content::Free { next: self.first_free }) {
            Content::Used(value) => {
                block.generation = block.generation.wrapping_add(1); // New: every handle of this use is stale.
                self.first_free = handle.block;
                Some(value)
            }
            free => {
                block.content = free; // The handle is from another pool.
                None
            }
        }
    }

    /// Takes one more slab from malloc, and links its blocks into a list.
    fn grow(&mut self) {
        let first = self.slabs.len() * SLAB;
        let free =
            |place| Block { generation: 0, content: Content::Free { next: first + place + 1 } };
        self.slabs.push(Box::new(array::from_fn(free)));
    }
}
