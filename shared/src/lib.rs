//! What several chapters need, small enough to be read.
//!
//! ```
//! # #[cfg(all(feature = "messages", target_os = "linux"))]
//! fn main() -> shared::Result<()> {
//!     let queue = shared::Queue::new()?; // Made before the child, which inherits it.
//!     let writer = shared::Process::new(|| queue.put(&"a letter".to_string())).start()?;
//!     assert_eq!(queue.get()?, "a letter"); // Waits until the child has put it in.
//!     assert_eq!(writer.join()?, shared::Exit::Code(0));
//!     Ok(())
//! }
//! # #[cfg(not(all(feature = "messages", target_os = "linux")))]
//! # fn main() {}
//! ```
//!
//! The files are part of the course: each is about one noun, and a chapter's last section says which one to read.
//!
//! | want to know | read |
//! |---|---|
//! | how a lesson finds its scenes and options | `lesson.rs` |
//! | why a scene prints the same seconds at any speed | `clock.rs` |
//! | why a scene ends when its output cannot be written | `lesson/unwritable.rs`, and below it `sys/leader.rs` |
//! | how a scene finds out that its threads are deadlocked | `watchdog.rs` |
//! | how a number becomes a bar | `chart.rs` |
//! | what can go wrong, what the message says, and how it is printed | `error.rs`, `error/words.rs`, `stderr.rs` |
//! | what one fork is | `process/fork.rs`, and below it `sys/fork.rs` |
//! | how a child becomes an object to wait for and to stop | `process.rs` |
//! | how the end of a child is described | `process/exit.rs` |
//! | how to talk to another program without a deadlock | `subprocess.rs` |
//! | how messages go through a pipe, whole or not at all | `pipe.rs` |
//! | why siblings must not keep each other's pipes | `descriptor.rs`, and `process/inheritance.rs` |
//! | what a forked child shares instead of copying it | `memory.rs` |
//! | how processes wait for each other, and survive a killed one | `sync.rs`, and below it `sys/lock_array.rs` |
//! | how messages get from process to process, even if some are killed | `queue.rs`, and below it `ring.rs` |
//! | how a queue gets to a process that is already running | `manager.rs` |
//! | how workers are fed, watched and replaced | `pool.rs` |
//! | what can cross to another process, and what it looks like on its way | `message.rs`, and below it `wire.rs` |
//! | how a call waits, and when it gives up | `deadline.rs` and `poll.rs` |
//!
//! The first six rows and std are all that the chapters about threads need. Everything that forks is behind the feature
//! `processes`, which needs Linux. Everything that sends values from one process to another is behind `messages`, which
//! includes `processes`.
//!
//! # What an expired timeout gives
//!
//! Each of these calls except `poll` has a twin without a timeout, which waits for as long as it takes. A call that
//! waits for a state answers with `false` or `None`. A call that would hand something over fails, since it has nothing
//! to hand over. The timeout is in real time, and lessons' `--speed` does not change it.
//!
//! | call | after the timeout |
//! |---|---|
//! | `Event::wait_timeout`, `Handle::wait_timeout`, `Closed::join_timeout`, `Receiver::poll` | `false` |
//! | `Child::join_timeout` | `None`: the child is alive |
//! | `acquire_timeout` of `Lock`, `RLock`, `Semaphore`, `BoundedSemaphore` and `Condition` | [`Error::TimedOut`] |
//! | `ConditionGuard::wait_for_timeout` | [`Error::TimedOut`], and the lock is released |
//! | `Barrier::wait_timeout` | [`Error::TimedOut`], and the barrier is broken for the others |
//! | `Handle::get_timeout`, `Receiver::recv_timeout`, `Connection::recv_timeout`, `ManagerQueue::open_timeout` | [`Error::TimedOut`] |
//! | `communicate_timeout` and `wait_timeout` of `Subprocess` | [`Error::ProgramTimedOut`], and the program is killed |
//! | `put_timeout` and `get_timeout` of a queue | [`Error::Full`] and [`Error::Empty`], as in Python |

#[cfg(all(feature = "processes", not(target_os = "linux")))]
compile_error!(
    "this chapter needs Linux (fork, pidfd, /proc): use a Linux machine, a container or WSL2; \
     the chapter thread runs anywhere"
);

pub mod chart;
pub mod clock;
mod error;
pub mod lesson;
mod stderr;
#[cfg(unix)]
#[expect(
    unsafe_code,
    reason = "system calls that std and nix have no safe form of; nothing else is unsafe"
)]
mod sys;
pub mod watchdog;

/// The modules that fork, under one `cfg`. Their files lie beside this one, and the crate uses them as if it declared
/// each of them itself.
#[cfg(all(feature = "processes", target_os = "linux"))]
#[path = ""]
mod processes {
    pub(crate) mod deadline;
    pub(crate) mod descriptor;
    pub(crate) mod memory;
    pub(crate) mod poll;
    pub(crate) mod process;
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
#[cfg(all(feature = "messages", target_os = "linux"))]
pub use {
    manager::{Manager, ManagerQueue},
    message::Message,
    pipe::{Connection, Receiver, Sender, pipe},
    pool::{Builder, Closed, Dispatch, Handle, Pool},
    queue::Queue,
    wire::{decode, encode},
};
#[cfg(all(feature = "processes", target_os = "linux"))]
pub use {
    memory::Memory,
    nix::unistd::Pid,
    process::{Child, Exit, Fork, Process, Signal, exit, fork, join_all},
    processes::sync,
    subprocess::Subprocess,
    sys::{Atomic, Plain},
};
