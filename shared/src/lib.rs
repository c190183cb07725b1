//! What several chapters need, small enough to be read.
//!
//! The files are part of the course: each holds one noun, and a chapter's last section says which one to read.
//!
//! | want to know | read |
//! |---|---|
//! | how a lesson finds its scenes and options | `lesson.rs` |
//! | why a scene prints the same seconds at any speed | `clock.rs` |
//! | what can go wrong, and how it is told | `error.rs` |
//! | what one fork is | `fork.rs`, and below it `sys/fork.rs` |
//! | how a child becomes an object to wait for and to stop | `process.rs` |
//! | where a child's default name comes from | `identity.rs` |
//! | how the end of a child is told | `exit.rs`, and `report.rs` |
//! | how to talk to another program without a deadlock | `subprocess.rs` |
//! | how messages go through a pipe, whole or not at all | `pipe.rs` |
//! | why siblings must not keep each other's pipes | `descriptor.rs`, and `inheritance.rs` |
//! | what a forked child shares instead of copying it | `memory.rs` |
//! | how messages get from process to process, whoever is killed meanwhile | `queue.rs`, and below it `ring.rs` |
//! | how a queue gets to a process that runs already | `manager.rs` |
//! | how workers are fed, watched and replaced | `pool.rs` |
//! | what crosses from one process to another | `wire.rs` |
//! | how processes wait for each other, and outlive one that is killed | `sync.rs`, and below it `sys/row.rs` |
//!
//! The first three and std are all that the thread chapters need. What forks stands behind the feature `processes`, on
//! Linux.

#[cfg(all(feature = "processes", not(target_os = "linux")))]
compile_error!(
    "this chapter needs Linux (fork, pidfd, /proc): use a Linux machine, a container or WSL2; \
     the thread chapters run anywhere"
);

pub mod clock;
mod error;
pub mod lesson;
#[cfg(unix)]
#[expect(
    unsafe_code,
    reason = "system calls that std and nix have no safe form of; nothing else is unsafe"
)]
mod sys;

/// What forks, under one condition. The files stand beside this one, and are used as if they were named there.
#[cfg(all(feature = "processes", target_os = "linux"))]
#[path = ""]
mod processes {
    pub(crate) mod descriptor;
    pub(crate) mod exit;
    pub(crate) mod fork;
    pub(crate) mod identity;
    pub(crate) mod inheritance;
    pub(crate) mod manager;
    pub(crate) mod memory;
    pub(crate) mod pipe;
    pub(crate) mod pool;
    pub(crate) mod process;
    pub(crate) mod queue;
    pub(crate) mod report;
    pub(crate) mod ring;
    pub(crate) mod subprocess;
    pub mod sync;
    pub(crate) mod wire;
}

pub use error::{Error, Result};
#[cfg(all(feature = "processes", target_os = "linux"))]
use processes::*;
#[cfg(all(feature = "processes", target_os = "linux"))]
pub use {
    exit::{Exit, Signal},
    fork::{Fork, exit, fork},
    manager::{Manager, ManagerQueue},
    memory::Memory,
    nix::unistd::Pid,
    pipe::{Connection, Message, Receiver, Sender, pipe},
    pool::{Builder, Closed, Crosses, Dispatch, Handle, Imap, ImapUnordered, Pool},
    process::{Child, Process},
    processes::sync,
    queue::Queue,
    subprocess::Subprocess,
    sys::{Atomic, Plain},
    wire::{decode, encode},
};
