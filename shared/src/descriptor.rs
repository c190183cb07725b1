//! Descriptors, and which of them a forked child keeps.
//!
//! A child inherits a copy of every open descriptor, and close-on-exec does nothing without an exec. As long as any
//! process has a copy of a pipe's write end, the reader never sees end-of-file. So the library keeps its own
//! descriptors in one register, and a child closes those that are not its own: most of them straight after the fork,
//! and then the ends of pipes that were not moved into its work.

use std::collections::BTreeSet;
use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::sys::fork_count;

/// A descriptor of this process, closed when dropped.
#[derive(Debug)]
pub(crate) struct Descriptor(u64);

#[derive(Debug)]
struct Entry {
    key: u64,
    descriptor: Arc<OwnedFd>,
    inheritable: bool,
}

#[derive(Debug)]
struct Register {
    /// [`fork_count`] of the process that it belongs to. In a forked child that is its parent at first.
    forks: u32,
    next: u64,
    /// In the order of their keys.
    open: Vec<Entry>,
}

/// The keys start at 1: with a number other than 0 in it, the register is placed beside stdout's lock, on a page that
/// both processes write to after a fork anyway. See `sys/fork_count.rs`.
static REGISTER: Mutex<Register> = Mutex::new(Register { forks: 0, next: 1, open: Vec::new() });

/// The register of this process.
fn register() -> MutexGuard<'static, Register> {
    let forks = fork_count();
    // Nothing panics while it holds this lock.
    let mut register = REGISTER.lock().unwrap_or_else(PoisonError::into_inner);
    if register.forks != forks {
        register.forks = forks;
        // The keys are not reused: the key of a Descriptor that was copied must never lead to one that is opened here.
        register.open.retain(|entry| entry.inheritable);
    }
    register
}

impl Register {
    fn position(&self, key: u64) -> Option<usize> {
        self.open.binary_search_by_key(&key, |entry| entry.key).ok()
    }

    fn remove(&mut self, key: u64) -> Option<Entry> {
        self.position(key).map(|index| self.open.remove(index))
    }
}

impl Descriptor {
    /// A descriptor that belongs to this process alone: its children close their copies.
    pub(crate) fn new(descriptor: impl Into<OwnedFd>) -> Self {
        Self::enter(descriptor.into(), false)
    }

    /// A descriptor that can be moved into a child's work. After a plain fork both processes have it.
    #[cfg(feature = "messages")]
    pub(crate) fn inheritable(descriptor: impl Into<OwnedFd>) -> Self {
        Self::enter(descriptor.into(), true)
    }

    fn enter(descriptor: OwnedFd, inheritable: bool) -> Self {
        let mut register = register();
        let key = register.next;
        register.next += 1;
        register.open.push(Entry { key, descriptor: Arc::new(descriptor), inheritable });
        Self(key)
    }

    /// `None` in a process that was forked later and does not have it.
    pub(crate) fn get(&self) -> Option<Arc<OwnedFd>> {
        let register = register();
        register.position(self.0).map(|index| register.open[index].descriptor.clone())
    }

    /// Takes it out of the register. `None` where [`get`](Self::get) gives `None`, or while it is in use.
    pub(crate) fn into_inner(self) -> Option<OwnedFd> {
        let entry = register().remove(self.0)?;
        Arc::into_inner(entry.descriptor)
    }
}

impl Drop for Descriptor {
    fn drop(&mut self) {
        register().remove(self.0);
    }
}

/// Runs in a child, straight after fork. In a process that other code has forked, as daemon(3) does, the first use of
/// the register does the same.
pub(crate) fn close_inherited() {
    drop(register());
}

/// How many descriptors belong to this process alone.
pub(crate) fn private() -> usize {
    register().open.iter().filter(|entry| !entry.inheritable).count()
}

/// The keys of the descriptors that can be moved into a child's work.
pub(crate) fn inheritable() -> BTreeSet<u64> {
    let register = register();
    let entries = register.open.iter().filter(|entry| entry.inheritable);
    entries.map(|entry| entry.key).collect()
}

/// Runs in a child: closes those that were not moved into its work.
pub(crate) fn keep(moved: &BTreeSet<u64>) {
    register().open.retain(|entry| !entry.inheritable || moved.contains(&entry.key));
}
