//! What can go wrong, in words that a learner can act on.

mod limit;
mod words;

use std::io;
use std::panic::Location;

#[cfg(all(feature = "processes", target_os = "linux"))]
use {crate::sys, nix::errno::Errno};

/// A `Result` whose error is [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One variant for each failure that a learner can meet.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// A call of the operating system failed inside `shared`. The message names the resource limit of this process that
    /// explains the failure, if there is one: see getrlimit(2).
    System {
        /// The call's name, as in its man page.
        call: &'static str,
        /// What the system said.
        source: io::Error,
    },

    /// A call in a lesson failed, and `?` noted its place.
    Call {
        /// File and line of the `?`.
        place: &'static Location<'static>,
        /// What the system said.
        source: io::Error,
    },

    /// fork's EAGAIN: this user already has as many processes as it may have.
    ProcessLimit,

    /// fork was called while other threads were running. POSIX allows next to nothing in such a child: a lock that
    /// another thread holds at that moment would stay locked in the child for ever.
    ForkWithThreads {
        /// How many threads there were, the caller among them.
        threads: usize,
    },

    /// fork was called while the caller held a lock. The child would have a copy of the guard, but not the lock: two
    /// processes would write where only one may.
    ForkHoldingLock {
        /// How many locks and permits the calling thread holds.
        locks: usize,
    },

    /// A child or a pool was used in a process that did not start it.
    NotParent,

    /// An end of a pipe was used in a child that it was not moved into.
    NotOwner,

    /// There is no program of that name to start.
    NotFound {
        /// The name or path that was given.
        program: String,
    },

    /// A program, or something else of its name, is there but cannot be started.
    CannotStart {
        /// The name or path that was given.
        program: String,
        /// What the system said.
        source: io::Error,
    },

    /// A `Subprocess` had not ended when its timeout expired, or a process that it started still had one of its pipes.
    ProgramTimedOut {
        /// The program's name, without its folder.
        program: String,
    },

    /// There is input for a `Subprocess`, but no pipe to send it through.
    NoStdin {
        /// The program's name, without its folder.
        program: String,
    },

    /// The last process to hold a lock or a permit ended without releasing it. What the lock guards may be half changed.
    /// `?` turns `AcquireError::Recovered`, which has the guard, into this error.
    Recovered,

    /// The calling thread already holds this lock, and would wait for itself for ever.
    AlreadyHeld,

    /// The timeout of a call expired. The table in [the crate's documentation](crate) says which calls fail with this.
    TimedOut,

    /// A process that waited at a barrier gave up.
    BarrierBroken,

    /// More permits were released, or more processes came to a barrier, than it has room for; or one thread acquired
    /// more locks and permits than the system would release if the thread were killed.
    NoRoom {
        /// What was called: `release`, `wait` or `acquire`.
        call: &'static str,
        /// How many there is room for.
        room: usize,
    },

    /// A queue has as many items as it may have, or no memory for one more.
    Full {
        /// How many items were in it.
        size: usize,
    },

    /// There is nothing in a queue.
    Empty,

    /// A queue was closed, and everything that was in it has been taken; or the other end of a pipe was closed.
    Closed,

    /// A message is larger than the memory that it has to pass through.
    TooLarge {
        /// The length of the encoded message in bytes.
        size: usize,
        /// The length of the longest message that fits.
        room: usize,
    },

    /// A value cannot be written as bytes for another process.
    Encode {
        /// The value's type.
        type_name: String,
        /// Why not.
        reason: String,
    },

    /// The bytes from another process are not a value of the expected type.
    Decode {
        /// The expected type.
        type_name: String,
        /// What is wrong with the bytes.
        reason: String,
    },

    /// A task panicked, with this message. Its worker goes on.
    Panicked(String),

    /// The worker that ran a task ended before the task did.
    #[cfg(all(feature = "processes", target_os = "linux"))]
    WorkerDied {
        /// Which process it was.
        worker: crate::Pid,
        /// How it ended.
        exit: crate::Exit,
    },

    /// The pool was terminated before the task was complete.
    Terminated,

    /// A pool cannot go on: it could not start its workers, or its master was killed.
    PoolFailed {
        /// What has happened.
        reason: String,
    },

    /// A pool cannot have 0 workers.
    NoWorkers,

    /// A handle of a manager's queue was used for the first time after the manager had ended.
    ManagerGone,

    /// A handle of a manager's queue was used in a process of another user.
    OtherUser,

    /// An option's value could not be understood.
    Option {
        /// The option's name, without the dashes.
        name: String,
        /// The value that was given.
        value: String,
        /// What is wrong with it.
        reason: String,
    },

    /// The scene cannot be played on this machine; made by [`crate::lesson::skip`].
    Skip(String),

    /// Anything else, in a scene's own words; made by [`Error::other`].
    Other(Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// An error in a scene's own words, or of a type that this enum has no variant for.
    ///
    /// ```
    /// let error = shared::Error::other("the child said nothing");
    /// assert_eq!(error.to_string(), "the child said nothing");
    /// ```
    pub fn other(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Other(error.into())
    }

    /// For `map_err`: names the call that failed.
    #[cfg(all(feature = "processes", target_os = "linux"))]
    pub(crate) fn system<E: Into<io::Error>>(call: &'static str) -> impl FnOnce(E) -> Self {
        move |error| Self::System { call, source: error.into() }
    }
}

#[cfg(all(feature = "processes", target_os = "linux"))]
impl From<sys::Error> for Error {
    fn from(error: sys::Error) -> Self {
        match error {
            sys::Error::Call { name, source } => Self::System { call: name, source },
            sys::Error::AlreadyHeld => Self::AlreadyHeld,
            sys::Error::TimedOut => Self::TimedOut,
            sys::Error::TooManyLocks { limit } => Self::NoRoom { call: "acquire", room: limit },
        }
    }
}

impl From<io::Error> for Error {
    // The compiler hands `?` on to here as the caller: the place is a line of the lesson.
    #[track_caller]
    fn from(source: io::Error) -> Self {
        Self::Call { place: Location::caller(), source }
    }
}

#[cfg(all(feature = "processes", target_os = "linux"))]
impl From<Errno> for Error {
    #[track_caller]
    fn from(errno: Errno) -> Self {
        // Wrapped, not converted: nix names the errno (ECHILD), an io::Error only numbers it.
        Self::Call { place: Location::caller(), source: io::Error::other(errno) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn question_mark_notes_the_line_that_failed() {
        fn fails() -> Result<()> {
            Err(io::Error::other("no such thing"))?;
            Ok(())
        }
        let text = fails().unwrap_err().to_string();
        let (place, reason) = text.split_once(" failed: ").unwrap();
        assert_eq!(reason, "no such thing");
        assert!(place.starts_with("the call at shared/src/error.rs:"), "{place}");
    }

    #[cfg(all(feature = "processes", target_os = "linux"))]
    #[test]
    fn an_errno_is_named() {
        fn fails() -> Result<()> {
            Err(Errno::ECHILD)?;
            Ok(())
        }
        let text = fails().unwrap_err().to_string();
        assert!(text.ends_with(" failed: ECHILD: No child processes"), "{text}");
    }
}
