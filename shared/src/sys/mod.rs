//! The only unsafe code of the course, one thin safe function around each call.

#[cfg(all(feature = "processes", target_os = "linux"))]
mod end_with_parent;
#[cfg(all(feature = "processes", target_os = "linux"))]
mod fork;
#[cfg(all(feature = "processes", target_os = "linux"))]
mod functions;
mod interrupt;
#[cfg(all(feature = "processes", target_os = "linux"))]
mod mapping;
#[cfg(all(feature = "processes", target_os = "linux"))]
mod mutex;
#[cfg(all(feature = "processes", target_os = "linux"))]
mod peer;
#[cfg(all(feature = "processes", target_os = "linux"))]
mod plain;
#[cfg(all(feature = "processes", target_os = "linux"))]
mod row;
#[cfg(all(feature = "processes", target_os = "linux"))]
mod sealed;
mod signals;
#[cfg(all(feature = "processes", target_os = "linux"))]
mod write;

pub(crate) use interrupt::tell_of_interrupt;
#[cfg(all(feature = "processes", target_os = "linux"))]
pub use plain::{Atomic, Plain};
pub(crate) use signals::{SIGPIPE, default_signals};
#[cfg(all(feature = "processes", target_os = "linux"))]
pub(crate) use {
    end_with_parent::end_with_parent,
    fork::{exit_now, fork},
    functions::{Call, Functions},
    mapping::{Shared, Words},
    mutex::Again,
    peer::is_own_user,
    row::{Held, Row},
    sealed::Sealed,
    write::write_quietly,
};
