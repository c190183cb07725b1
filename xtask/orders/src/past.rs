//! What a run has done so far, as hashes.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::view::Move;

/// Hashes of the moves of a run so far: one for each depth.
#[derive(Debug, Clone, Default)]
pub(crate) struct Past {
    unordered: u64,
    silent: u64,
    all: u64,
}

/// How much of the past is used to tell apart two states that look alike.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Depth {
    #[default]
    Nothing,
    /// The moves, in any order.
    Unordered,
    /// The moves that do not print, in their order.
    Silent,
    /// The moves, in their order.
    All,
}

impl Depth {
    pub(crate) fn deeper(self) -> Option<Depth> {
        match self {
            Depth::Nothing => Some(Depth::Unordered),
            Depth::Unordered => Some(Depth::Silent),
            Depth::Silent => Some(Depth::All),
            Depth::All => None,
        }
    }
}

impl Past {
    pub(crate) fn add(&mut self, made: &Move) {
        self.unordered = self.unordered.wrapping_add(hash(made));
        self.all = hash(&(self.all, made));
        if made.prints().is_none() {
            self.silent = hash(&(self.silent, made));
        }
    }

    /// The hash of what this depth sees.
    pub(crate) fn at(&self, depth: Depth) -> u64 {
        match depth {
            Depth::Nothing => 0,
            Depth::Unordered => self.unordered,
            Depth::Silent => self.silent,
            Depth::All => self.all,
        }
    }
}

/// A hash of a value, the same one each time.
pub(crate) fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
