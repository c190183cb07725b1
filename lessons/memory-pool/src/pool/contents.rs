//! What is in the blocks?

use std::iter;

use super::{Block, Content, Handle, Pool};

impl<T, const SLAB: usize> Pool<T, SLAB> {
    /// The value, unless its block has been freed.
    pub(crate) fn get(&self, handle: Handle) -> Option<&T> {
        let block = self.slabs.get(handle.block / SLAB)?.get(handle.block % SLAB)?;
        match &block.content {
            Content::Used(value) if block.generation == handle.generation => Some(value),
            _ => None,
        }
    }
}

impl<const SLAB: usize> Pool<char, SLAB> {
    /// A character for each block, `.` for a free one, and a space between two slabs.
    pub(crate) fn map(&self) -> String {
        let slabs: Vec<String> =
            self.slabs.iter().map(|slab| slab.iter().map(character).collect()).collect();
        slabs.join(" ")
    }

    /// The numbers of the free blocks, in the order in which they will be used.
    pub(crate) fn free_list(&self) -> Vec<usize> {
        let next = |index: &usize| match self.slabs.get(index / SLAB)?[index % SLAB].content {
            Content::Free { next } => Some(next),
            Content::Used(_) => None,
        };
        let mut list: Vec<usize> = iter::successors(Some(self.first_free), next).collect();
        list.pop(); // The list ends with a block that does not exist yet.
        list
    }
}

fn character(block: &Block<char>) -> char {
    match block.content {
        Content::Used(name) => name,
        Content::Free { .. } => '.',
    }
}
