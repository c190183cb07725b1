//! A mutex or a read-write lock.

use super::holder::Holder;
use crate::engine::hash::{mix, unordered};

/// How a thread takes a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// One thread, which may write.
    Exclusive,
    /// Any number of threads, which only read.
    Shared,
}

#[derive(Debug)]
pub(crate) struct Lock {
    writer: Option<Holder>,
    readers: Vec<Holder>,
    is_poisoned: bool,
    /// A hash of what is in it.
    content: u64,
}

impl Lock {
    /// A lock that is free. `content` is a hash of what is in it.
    #[inline]
    pub(crate) fn new(content: u64) -> Self {
        Self { writer: None, readers: Vec::new(), is_poisoned: false, content }
    }

    /// Whether a thread can take it now.
    #[inline]
    pub(crate) fn is_free_for(&self, access: Access) -> bool {
        self.writer.is_none() && (access == Access::Shared || self.readers.is_empty())
    }

    #[inline]
    pub(crate) fn take(&mut self, access: Access, holder: Holder) {
        match access {
            Access::Exclusive => self.writer = Some(holder),
            Access::Shared => self.readers.push(holder),
        }
    }

    #[inline]
    pub(crate) fn release(&mut self, access: Access, thread: usize) {
        match access {
            Access::Exclusive => self.writer = None,
            Access::Shared => {
                let index = self.readers.iter().position(|reader| reader.thread == thread);
                if let Some(index) = index {
                    self.readers.swap_remove(index);
                }
            }
        }
    }

    pub(crate) fn holders(&self) -> impl Iterator<Item = &Holder> {
        self.writer.iter().chain(&self.readers)
    }

    #[inline]
    pub(crate) fn is_poisoned(&self) -> bool {
        self.is_poisoned
    }

    #[inline]
    pub(crate) fn set_poisoned(&mut self, is_poisoned: bool) {
        self.is_poisoned = is_poisoned;
    }

    /// A hash of what is in it.
    #[inline]
    pub(crate) fn content(&self) -> u64 {
        self.content
    }

    #[inline]
    pub(crate) fn set_content(&mut self, content: u64) {
        self.content = content;
    }

    pub(super) fn fingerprint(&self, names: &impl Fn(usize) -> u64) -> u64 {
        let readers = unordered(self.readers.iter().map(|reader| reader.fingerprint(names)));
        let holders = mix(self.writer.map_or(0, |writer| writer.fingerprint(names)), readers);
        mix(mix(holders, self.content), self.is_poisoned.into())
    }
}
