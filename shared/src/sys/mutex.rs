//! pthread's mutex, as processes need it: shared and robust.
//!
//! The kernel knows which of them a thread holds. When the thread ends, however it ends, the kernel marks them, and the
//! next to lock one is told, see pthread_mutexattr_setrobust(3).

use std::cell::UnsafeCell;
use std::ffi::c_int;
use std::io;
use std::mem::MaybeUninit;
use std::time::Instant;

use nix::libc::{self, pthread_mutex_t, pthread_mutexattr_t, timespec};
use rustix::time::{ClockId, clock_gettime};

use crate::{Error, Result};

// glibc has it since 2.30, the `libc` crate not yet. pthread_mutex_timedlock would follow a clock that can be set back.
unsafe extern "C" {
    fn pthread_mutex_clocklock(
        mutex: *mut pthread_mutex_t,
        clock: libc::clockid_t,
        deadline: *const timespec,
    ) -> c_int;
}

/// What a second lock by the holder itself does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MutexKind {
    /// It fails with [`Error::AlreadyHeld`].
    ErrorCheck,
    /// It counts.
    Recursive,
}

/// An initialised mutex, which stays where it was initialised as long as any process has it mapped: [`Mutex::init`] is
/// the only way to one.
///
/// The calls return pthread's numbers: 0, or which error.
#[derive(Debug)]
#[repr(transparent)]
pub(super) struct Mutex(UnsafeCell<pthread_mutex_t>);

impl Mutex {
    /// Makes a free mutex at a place.
    ///
    /// # Safety
    ///
    /// The place can be written and is aligned, nobody else knows of it, and what is made there is never moved.
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
        // SAFETY: as above, and the declaration is that of pthread_mutex_clocklock(3).
        unsafe { pthread_mutex_clocklock(self.0.get(), libc::CLOCK_MONOTONIC, &deadline) }
    }

    /// Says that what it guards may be used kind, after EOWNERDEAD. By anybody else it is refused.
    pub(super) fn make_consistent(&self) -> c_int {
        // SAFETY: as above.
        unsafe { libc::pthread_mutex_consistent(self.0.get()) }
    }

    /// By anybody but the holder it is refused.
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
        // SAFETY: the first call initialises what the others change and what is returned; each gets a value of its list.
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

/// The deadline as a time of CLOCK_MONOTONIC, which std's `Instant` does not tell.
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
    if status == 0 { Ok(()) } else { Err(system(call, status)) }
}

pub(super) fn system(call: &'static str, status: c_int) -> Error {
    Error::System { call, source: io::Error::from_raw_os_error(status) }
}
