//! What several chapters need, small enough to be read.
//!
//! The files are part of the course: each holds one noun, and a chapter's last section says which one to read.
//!
//! | want to know | read |
//! |---|---|
//! | how a lesson finds its scenes and options | `lesson.rs` |
//! | why a scene prints the same seconds at any speed | `clock.rs` |
//! | what can go wrong, and how it is told | `error.rs`, and `error/words.rs` |
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
//! | how processes wait for each other, and outlive one that is killed | `sync.rs`, and below it `sys/lock_array.rs` |
//!
//! The first three and std are all that the thread chapters need. What forks is behind the feature `processes`, on
//! Linux, and what sends values from one process to another behind `messages`, which brings `processes` along.

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

/// The modules that fork, under one `cfg`. Their files lie beside this one, and the crate uses them as if it declared
/// each of them itself.
#[cfg(all(feature = "processes", target_os = "linux"))]
#[path = ""]
mod processes {
    pub(crate) mod deadline;
    pub(crate) mod descriptor;
    pub(crate) mod exit;
    pub(crate) mod fork;
    pub(crate) mod identity;
    pub(crate) mod inheritance;
    pub(crate) mod memory;
    pub(crate) mod process;
    pub(crate) mod report;
    pub(crate) mod subprocess;
    pub mod sync;
}

/// The modules that send values between processes, arranged in the same way.
#[cfg(all(feature = "messages", target_os = "linux"))]
#[path = ""]
mod messages {
    pub(crate) mod manager;
    pub(crate) mod message;
    pub(crate) mod pipe;
    pub(crate) mod pool;
    pub(crate) mod queue;
    pub(crate) mod ring;
    pub(crate) mod wire;
}

pub use error::{Error, Result};
#[cfg(all(feature = "messages", target_os = "linux"))]
use messages::*;
#[cfg(all(feature = "processes", target_os = "linux"))]
use processes::*;
#[cfg(all(feature = "processes", target_os = "linux"))]
pub use {
    exit::{Exit, Signal},
    fork::{Fork, exit, fork},
    memory::Memory,
    nix::unistd::Pid,
    process::{Child, Process},
    processes::sync,
    subprocess::Subprocess,
    sys::{Atomic, Plain},
};
#[cfg(all(feature = "messages", target_os = "linux"))]
pub use {
    manager::{Manager, ManagerQueue},
    message::Message,
    pipe::{Connection, Receiver, Sender, pipe},
    pool::{Builder, Closed, Dispatch, Handle, Pool},
    queue::Queue,
    wire::{decode, encode},
};
