//! What is in the blocks?

use std::iter;

use super::{Content, Pool};

impl<const SLAB: usize> Pool<char, SLAB> {
    /// A character for each block, `.` for a free one, and a space between two slabs.
    pub(crate) fn map(&self) -> String {
        let slabs: Vec<String> =
            self.slabs.iter().map(|slab| slab.iter().map(character).collect()).collect();
        slabs.join(" ")
    }

    /// The numbers of the free blocks, in the order in which they will be used.
    pub(crate) fn free_list(&self) -> Vec<usize> {
        let next = |index: &usize| match self.slabs[index / SLAB][index % SLAB].content {
            Content::Free { next } => next,
            Content::Used(_) => None,
        };
        iter::successors(self.first_free, next).collect()
    }
}

fn character(block: &super::Block<char>) -> char {
    match block.content {
        Content::Used(name) => name,
        Content::Free { .. } => '.',
    }
}
