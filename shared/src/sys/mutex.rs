//! pthread's mutex, as processes need it: shared and robust.
//!
//! The kernel knows which of these mutexes a thread holds. When the thread ends, for whatever reason, the kernel marks
//! them, and the next thread to lock one learns of it; see pthread_mutexattr_setrobust(3).

use std::cell::UnsafeCell;
use std::ffi::c_int;
use std::mem::MaybeUninit;
use std::time::Instant;

use nix::libc::{self, pthread_mutex_t, pthread_mutexattr_t, timespec};
use rustix::time::{ClockId, clock_gettime};

use crate::sys::{Error, Result};

// glibc has it since 2.30, the `libc` crate not yet. pthread_mutex_timedlock would follow a clock that can be set back.
unsafe extern "C" {
    fn pthread_mutex_clocklock(
        mutex: *mut pthread_mutex_t,
        clock: libc::clockid_t,
        deadline: *const timespec,
    ) -> c_int;
}

/// What happens when the holder locks the mutex again: pthread's types of mutex, see pthread_mutexattr_settype(3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MutexKind {
    /// The second lock fails with [`Error::AlreadyHeld`].
    ErrorCheck,
    /// The mutex counts, and is free after as many unlocks as locks.
    Recursive,
}

/// An initialised mutex. It stays where it was initialised for as long as any process has it mapped:
/// [`Mutex::init`] is the only way to make one.
///
/// The methods return pthread's numbers: 0, or an errno.
#[derive(Debug)]
#[repr(transparent)]
pub(super) struct Mutex(UnsafeCell<pthread_mutex_t>);

impl Mutex {
    /// Makes a free mutex at a place.
    ///
    /// # Safety
    ///
    /// The place is writable and aligned, no one else knows of it, and what is made there is never moved.
    pub(super) unsafe fn init(place: *mut Self, attributes: &Attributes) -> Result<()> {
        // SAFETY: the caller's promise; the type is transparent, and the attributes have been initialised.
        let status = unsafe { libc::pthread_mutex_init(place.cast(), &attributes.0) };
        check("pthread_mutex_init", status)
    }

    #[inline]
    pub(super) fn try_lock(&self) -> c_int {
        // SAFETY: by the type's invariant it is an initialised mutex at its place.
        unsafe { libc::pthread_mutex_trylock(self.0.get()) }
    }

    pub(super) fn lock_until(&self, deadline: Instant) -> c_int {
        let deadline = monotonic(deadline);
        // SAFETY: as above, and the declaration is the one in pthread_mutex_clocklock(3).
        unsafe { pthread_mutex_clocklock(self.0.get(), libc::CLOCK_MONOTONIC, &deadline) }
    }

    /// Says, after EOWNERDEAD, that what the mutex guards is usable again. Refused unless the caller holds it.
    pub(super) fn make_consistent(&self) -> c_int {
        // SAFETY: as above.
        unsafe { libc::pthread_mutex_consistent(self.0.get()) }
    }

    /// Refused unless the caller holds it.
    #[inline]
    pub(super) fn unlock(&self) -> c_int {
        // SAFETY: as above.
        unsafe { libc::pthread_mutex_unlock(self.0.get()) }
    }
}

/// What kind of mutex to make.
pub(super) struct Attributes(pthread_mutexattr_t);

impl Attributes {
    pub(super) fn new(kind: MutexKind) -> Result<Self> {
        let kind = match kind {
            MutexKind::ErrorCheck => libc::PTHREAD_MUTEX_ERRORCHECK,
            MutexKind::Recursive => libc::PTHREAD_MUTEX_RECURSIVE,
        };
        let mut attributes = MaybeUninit::uninit();
        let place = attributes.as_mut_ptr();
        // SAFETY: the first call initialises what the others change and what is returned. Each value is one of those that
        // the call's man page lists.
        unsafe {
            check("pthread_mutexattr_init", libc::pthread_mutexattr_init(place))?;
            check("pthread_mutexattr_settype", libc::pthread_mutexattr_settype(place, kind))?;
            let shared = libc::pthread_mutexattr_setpshared(place, libc::PTHREAD_PROCESS_SHARED);
            check("pthread_mutexattr_setpshared", shared)?;
            let robust = libc::pthread_mutexattr_setrobust(place, libc::PTHREAD_MUTEX_ROBUST);
            check("pthread_mutexattr_setrobust", robust)?;
            Ok(Self(attributes.assume_init()))
        }
    }
}

/// The deadline on CLOCK_MONOTONIC. std's `Instant` is read from the same clock, but does not show its number.
fn monotonic(deadline: Instant) -> timespec {
    let now = clock_gettime(ClockId::Monotonic);
    let left = deadline.saturating_duration_since(Instant::now());
    let nanoseconds = now.tv_nsec + i64::from(left.subsec_nanos());
    timespec {
        tv_sec: now.tv_sec.saturating_add_unsigned(left.as_secs()) + nanoseconds / 1_000_000_000,
        tv_nsec: nanoseconds % 1_000_000_000,
    }
}

fn check(call: &'static str, status: c_int) -> Result<()> {
    if status == 0 { Ok(()) } else { Err(Error::status(call, status)) }
}
