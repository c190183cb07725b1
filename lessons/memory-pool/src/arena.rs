//! An allocator of mixed sizes, on a piece of memory that can be drawn.

use std::ops::Range;

/// Sixty cells of memory. A cell holds the name of its block, or nothing.
pub(crate) struct Arena {
    cells: [Option<char>; 60],
}

impl Arena {
    pub(crate) fn new() -> Self {
        Self { cells: [None; 60] }
    }

    /// First fit: takes the first hole that is long enough. `None` if there is no such hole.
    pub(crate) fn allocate(&mut self, length: usize, name: char) -> Option<Range<usize>> {
        let hole = self.holes().find(|hole| hole.len() >= length)?;
        let block = hole.start..hole.start + length;
        self.cells[block.clone()].fill(Some(name));
        Some(block)
    }

    pub(crate) fn free(&mut self, block: Range<usize>) {
        self.cells[block].fill(None);
    }

    /// How many cells are free, and how many of them the longest hole has.
    pub(crate) fn free_and_longest(&self) -> (usize, usize) {
        let lengths = || self.holes().map(|hole| hole.len());
        (lengths().sum(), lengths().max().unwrap_or(0))
    }

    /// A character for each cell: the name of its block, or `.` if the cell is free.
    pub(crate) fn map(&self) -> String {
        self.cells.iter().map(|cell| cell.unwrap_or('.')).collect()
    }

    /// The runs of free cells.
    fn holes(&self) -> impl Iterator<Item = Range<usize>> {
        let mut start = 0;
        self.cells.chunk_by(|a, b| a.is_none() == b.is_none()).filter_map(move |run| {
            let cells = start..start + run.len();
            start = cells.end;
            run[0].is_none().then_some(cells)
        })
    }
}
