//! The C library's mutex, shared between processes and robust, see pthread_mutexattr_setrobust(3).

use std::cell::UnsafeCell;
use std::mem::MaybeUninit;

use super::Mapping;

/// Mutual exclusion, which survives the death of the process that holds it.
#[repr(C, align(128))]
pub struct Mutex(UnsafeCell<libc::pthread_mutex_t>);

// SAFETY: the C library makes it for several threads.
unsafe impl Sync for Mutex {}

impl Mutex {
    /// The mutex at the start of a mapping.
    pub fn at_start_of(mapping: &Mapping) -> &Self {
        // SAFETY: the C library shares it between processes, and it is initialised below before it is locked.
        let mutex: &Self = unsafe { mapping.start() };
        mutex.make();
        mutex
    }

    /// Initialises it. No other code may know it yet.
    pub(super) fn make(&self) {
        let mut attributes = MaybeUninit::uninit();
        let attributes = attributes.as_mut_ptr();
        // SAFETY: the attributes are initialised before they are used, and no other code knows the mutex yet.
        let failures = unsafe {
            libc::pthread_mutexattr_init(attributes)
                + libc::pthread_mutexattr_setpshared(attributes, libc::PTHREAD_PROCESS_SHARED)
                + libc::pthread_mutexattr_setrobust(attributes, libc::PTHREAD_MUTEX_ROBUST)
                + libc::pthread_mutex_init(self.0.get(), attributes)
        };
        assert_eq!(failures, 0, "making a mutex failed");
    }

    /// Does `work` while it holds the mutex.
    #[inline]
    pub fn with<T>(&self, work: impl FnOnce() -> T) -> T {
        // SAFETY: it has been initialised, and has not moved since.
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
