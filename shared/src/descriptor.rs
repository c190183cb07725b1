//! Descriptors that a forked child must not keep.
//!
//! A child inherits a copy of every open descriptor, and close-on-exec does nothing without an exec. While a sibling
//! keeps a pipe's write end, the reader never sees end-of-file. So the library's own descriptors stand in one register,
//! and each child empties its copy of it first.

use std::collections::BTreeMap;
use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A descriptor of this process and none of its children. Closed when dropped.
#[derive(Debug)]
pub(crate) struct Descriptor(u64);

#[derive(Debug)]
struct Register {
    next: u64,
    open: BTreeMap<u64, Arc<OwnedFd>>,
}

static REGISTER: Mutex<Register> = Mutex::new(Register { next: 0, open: BTreeMap::new() });

fn register() -> MutexGuard<'static, Register> {
    // Nothing panics while it holds this lock.
    REGISTER.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Descriptor {
    pub(crate) fn new(descriptor: impl Into<OwnedFd>) -> Self {
        let mut register = register();
        let key = register.next;
        register.next += 1;
        register.open.insert(key, Arc::new(descriptor.into()));
        Self(key)
    }

    /// `None` in a process that was forked after it was opened: there it has been closed.
    pub(crate) fn get(&self) -> Option<Arc<OwnedFd>> {
        register().open.get(&self.0).cloned()
    }
}

impl Drop for Descriptor {
    fn drop(&mut self) {
        register().open.remove(&self.0);
    }
}

/// Runs in a child, straight after fork.
pub(crate) fn close_inherited() {
    // The keys go on counting: a Descriptor copied from the parent must never find one opened here.
    register().open.clear();
}
