//! Descriptors that a forked child must not keep.
//!
//! A child inherits a copy of every open descriptor, and close-on-exec does nothing without an exec. While a sibling
//! keeps a pipe's write end, the reader never sees end-of-file. So the library's own descriptors stand in one register,
//! and each child empties its copy of it first.

use std::collections::BTreeMap;
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicU32, Ordering};
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
static GENERATION: AtomicU32 = AtomicU32::new(0);

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

/// How many forks lie between the first process and this one. What a parent made before it forked is a copy in the child:
/// there this number is another.
pub(crate) fn generation() -> u32 {
    GENERATION.load(Ordering::Relaxed)
}

/// Runs in a child, straight after fork.
pub(crate) fn close_inherited() {
    GENERATION.fetch_add(1, Ordering::Relaxed);
    // The keys go on counting: a Descriptor copied from the parent must never find one opened here.
    register().open.clear();
}
