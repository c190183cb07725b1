//! What the functions of `sys` fail with. The layer above turns it into `shared::Error`.

use std::ffi::c_int;
use std::io;

pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug)]
pub(crate) enum Error {
    /// A call of the operating system failed.
    Call {
        /// The call's name, as in its man page.
        name: &'static str,
        source: io::Error,
    },
    /// The calling thread already holds the lock.
    AlreadyHeld,
    /// The deadline passed before the lock was free.
    TimedOut,
    /// The calling thread holds as many locks as the kernel would release if the thread were killed.
    TooManyLocks { limit: usize },
}

impl Error {
    /// For `map_err`: names the call that failed.
    pub(in crate::sys) fn call<E: Into<io::Error>>(name: &'static str) -> impl FnOnce(E) -> Self {
        move |error| Self::Call { name, source: error.into() }
    }

    /// pthread's functions return the number of the error.
    pub(in crate::sys) fn status(name: &'static str, status: c_int) -> Self {
        Self::call(name)(io::Error::from_raw_os_error(status))
    }

    /// More memory was asked for than there can be: what mmap(2) itself would answer.
    pub(in crate::sys) fn too_large() -> Self {
        Self::status("mmap", nix::libc::ENOMEM)
    }
}
