//! What a run has done so far, in one number.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::view::Move;

/// The moves of a run so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Past {
    unordered: u64,
    silent: u64,
    all: u64,
}

/// How much of the past tells apart two states that look alike.
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
        self.unordered = self.unordered.wrapping_add(number(made));
        self.all = number(&(self.all, made));
        if made.prints().is_none() {
            self.silent = number(&(self.silent, made));
        }
    }

    /// A number that is equal for equal pasts, and different for most others.
    pub(crate) fn at(&self, depth: Depth) -> u64 {
        match depth {
            Depth::Nothing => 0,
            Depth::Unordered => self.unordered,
            Depth::Silent => self.silent,
            Depth::All => self.all,
        }
    }
}

/// A number for a value, the same one each time.
pub(crate) fn number(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
