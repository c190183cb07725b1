//! The only unsafe code of the course: a thin safe function around each call.
//!
//! Nothing here uses what lies above this module. Failures are a `sys::Error`, which the layer above turns into its
//! own. Only `deadline.rs`, which is about std's clock, lies below.

mod interrupt;
mod leader;

/// What forking needs, under one condition.
#[cfg(all(feature = "processes", target_os = "linux"))]
#[path = "sys"]
mod processes {
    mod arena;
    mod atomics;
    mod error;
    mod fork;
    mod fork_count;
    mod held_locks;
    mod lifeline;
    mod lock_array;
    mod mapping;
    mod mutex;
    mod plain;
    mod signals;
    mod write;

    pub use self::plain::{Atomic, Plain};
    pub(crate) use self::{
        arena::Arena,
        atomics::{AtomicWords, Shared},
        error::{Error, Result},
        fork::{ForkError, fork},
        fork_count::{fork_count, forks_begun},
        lifeline::Lifeline,
        lock_array::{CellGuard, LockArray},
        mutex::MutexKind,
        signals::{keep_ended_children, others_may_reap},
        write::write_quietly,
    };
}

/// What messages need as well.
#[cfg(all(feature = "messages", target_os = "linux"))]
#[path = "sys"]
mod messages {
    mod functions;
    mod peer;
    mod ring_header;
    mod sealed;

    pub(crate) use self::{
        functions::{Call, Functions},
        peer::is_own_user,
        ring_header::RingHeader,
        sealed::Sealed,
    };
}

pub(crate) use interrupt::{SIGINT, announce_interrupt};
pub(crate) use leader::{UNREAD, end_scene, lead};
#[cfg(all(feature = "processes", target_os = "linux"))]
pub(crate) use leader::{exit_now, reader_has_gone, scene_is_ending};
#[cfg(all(feature = "messages", target_os = "linux"))]
pub(crate) use messages::*;
#[cfg(all(feature = "processes", target_os = "linux"))]
pub use processes::*;
