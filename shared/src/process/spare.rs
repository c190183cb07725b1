//! The lifeline of the child that has been reaped last, kept for the next one.
//!
//! A lifeline takes 10 µs to make and to close, where a fork takes 100. A process that starts one child after the
//! other uses the same one for all of them.
//!
//! Yet no other process may have a copy of it: as long as there is one, the next child would not end with its parent. A
//! process gets copies when it is forked. So a lifeline is used again only if this process has forked no other child
//! since the ends were made. Its own child has gone, and the copies with it.

use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::descriptor::Descriptor;
use crate::sys::{Lifeline, forks_begun};

/// Both ends of a child's lifeline, open in its parent alone. When that ends and they are closed, the child is killed.
#[derive(Debug)]
pub(super) struct LifelineEnds {
    ends: [Descriptor; 2],
    /// [`forks_begun`] as long as this process has forked no other child since the ends were made.
    forks: u32,
}

#[derive(Debug)]
struct Spare {
    ends: Option<[Descriptor; 2]>,
    forks: u32,
}

/// With a number other than 0 in it, it is placed on a page that is written to anyway. See `sys/fork_count.rs`.
static SPARE: Mutex<Spare> = Mutex::new(Spare { ends: None, forks: 1 });

fn spare() -> MutexGuard<'static, Spare> {
    // Nothing panics while it holds this lock.
    SPARE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// For the next child: the spare lifeline, or a new one.
pub(super) fn lifeline() -> io::Result<Lifeline> {
    reused().map_or_else(Lifeline::new, Ok)
}

fn reused() -> Option<Lifeline> {
    let mut spare = spare();
    let ends = spare.ends.take()?;
    if spare.forks != forks_begun() {
        return None;
    }
    let [reader, writer] = ends.map(Descriptor::into_inner);
    Some(Lifeline::reuse([reader?, writer?], spare.forks))
}

impl LifelineEnds {
    /// Runs in the parent, straight after fork.
    pub(super) fn new(lifeline: Lifeline) -> Self {
        let forks = lifeline.forks();
        Self { ends: lifeline.into_ends().map(Descriptor::new), forks }
    }

    /// Keeps them for the next child. Theirs must have been reaped.
    pub(super) fn keep(self) {
        if self.forks == forks_begun() {
            *spare() = Spare { ends: Some(self.ends), forks: self.forks };
        }
    }
}
