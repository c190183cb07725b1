//! Threads.

mod handle;
mod scope;
mod spawn;

pub use ::std::thread::{Result, available_parallelism};

pub use self::handle::{
    Thread, ThreadId, current, panicking, park, park_timeout, sleep, yield_now,
};
pub use self::scope::{Scope, ScopedJoinHandle, scope};
pub use self::spawn::{Builder, JoinHandle, spawn};
pub use super::local::{AccessError, LocalKey};
