//! The only unsafe code of the course, one thin safe function around each call.

mod interrupt;
mod signals;

/// What forking needs, under one condition. The files stand beside this one.
#[cfg(all(feature = "processes", target_os = "linux"))]
#[path = ""]
mod processes {
    mod end_with_parent;
    mod fork;
    mod functions;
    mod holding;
    mod mapping;
    mod mutex;
    mod peer;
    mod plain;
    mod row;
    mod sealed;
    mod write;

    pub use self::plain::{Atomic, Plain};
    pub(crate) use self::{
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
}

pub(crate) use interrupt::tell_of_interrupt;
#[cfg(all(feature = "processes", target_os = "linux"))]
pub use processes::*;
pub(crate) use signals::{SIGPIPE, default_signals};
