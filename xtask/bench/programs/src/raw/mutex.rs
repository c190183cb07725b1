//! The C library's mutex, shared between processes and robust, see pthread_mutexattr_setrobust(3).

use std::cell::UnsafeCell;
use std::mem::MaybeUninit;

use super::Mapping;

/// One at a time, also if a process is killed inside.
#[repr(C, align(128))]
pub struct Mutex(UnsafeCell<libc::pthread_mutex_t>);

// SAFETY: it is there to be used by several threads.
unsafe impl Sync for Mutex {}

impl Mutex {
    /// The one at the start of a mapping.
    pub fn at_start_of(mapping: &Mapping) -> &Self {
        // SAFETY: the C library shares it between processes, and it is made below before anybody locks it.
        let mutex: &Self = unsafe { mapping.start() };
        mutex.make();
        mutex
    }

    /// Before anybody else knows it.
    pub(super) fn make(&self) {
        let mut attributes = MaybeUninit::uninit();
        let attributes = attributes.as_mut_ptr();
        // SAFETY: the attributes are made before they are used, and no one else knows the mutex yet.
        let failures = unsafe {
            libc::pthread_mutexattr_init(attributes)
                + libc::pthread_mutexattr_setpshared(attributes, libc::PTHREAD_PROCESS_SHARED)
                + libc::pthread_mutexattr_setrobust(attributes, libc::PTHREAD_MUTEX_ROBUST)
                + libc::pthread_mutex_init(self.0.get(), attributes)
        };
        assert_eq!(failures, 0, "making a mutex failed");
    }

    /// Does `work` while no one else does.
    #[inline]
    pub fn with<T>(&self, work: impl FnOnce() -> T) -> T {
        // SAFETY: it has been made, and lies where it was made.
        if unsafe { libc::pthread_mutex_lock(self.0.get()) } == libc::EOWNERDEAD {
            // SAFETY: we hold it.
            unsafe { libc::pthread_mutex_consistent(self.0.get()) };
        }
        let result = work();
        // SAFETY: we hold it.
        unsafe { libc::pthread_mutex_unlock(self.0.get()) };
        result
    }
}
