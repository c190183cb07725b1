//! The only unsafe code of the course, one thin safe function around each call.

mod interrupt;
mod signals;

/// What forking needs, under one condition. The files stand beside this one.
#[cfg(all(feature = "processes", target_os = "linux"))]
#[path = ""]
mod processes {
    mod fork;
    mod holding;
    mod lifeline;
    mod mapping;
    mod mutex;
    mod plain;
    mod row;
    mod write;

    pub use self::plain::{Atomic, Plain};
    pub(crate) use self::{
        fork::{ForkError, exit_now, fork},
        lifeline::Lifeline,
        mapping::{Shared, Words},
        mutex::Again,
        row::{Held, Row},
        write::write_quietly,
    };
}

/// What messages need besides.
#[cfg(all(feature = "messages", target_os = "linux"))]
#[path = ""]
mod messages {
    mod functions;
    mod peer;
    mod sealed;

    pub(crate) use self::{
        functions::{Call, Functions},
        peer::is_own_user,
        sealed::Sealed,
    };
}

pub(crate) use interrupt::tell_of_interrupt;
#[cfg(all(feature = "messages", target_os = "linux"))]
pub(crate) use messages::*;
#[cfg(all(feature = "processes", target_os = "linux"))]
pub use processes::*;
pub(crate) use signals::{SIGPIPE, default_signals};
