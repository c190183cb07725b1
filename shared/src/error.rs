//! What can go wrong, in words that a learner can act on.

use std::io;
use std::panic::Location;

/// A `Result` whose error is [`enum@Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One variant for each failure that a learner can meet.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A call of the operating system failed inside `shared`.
    #[error("{call} failed: {source}")]
    System {
        /// The call's name, as in its man page.
        call: &'static str,
        /// What the system said.
        source: io::Error,
    },

    /// A call in a lesson failed, and `?` noted where it stands.
    #[error("the call at {place} failed: {source}")]
    Call {
        /// File and line of the `?`.
        place: &'static Location<'static>,
        /// What the system said.
        source: io::Error,
    },

    /// fork's EAGAIN: this user has as many processes as it may.
    #[error(
        "fork failed: EAGAIN, no further process is allowed; end some, or raise the limit (ulimit -u)"
    )]
    ProcessLimit,

    /// fork was called while other threads were running. POSIX allows next to nothing in such a child: a lock that
    /// another thread holds at that moment would stay locked in the child for ever.
    #[error(
        "fork refused: {threads} threads are running, and the child would get only one of them; fork before starting threads"
    )]
    Threaded {
        /// How many threads there were, the caller among them.
        threads: usize,
    },

    /// fork was called while the caller held a lock. The child would have a copy of the guard, but not the lock: two
    /// processes would write what only one may.
    #[error(
        "fork refused: locks or permits held here: {locks}, and the child would not hold them; release them before"
    )]
    Holding {
        /// How many locks and permits the calling thread holds.
        locks: usize,
    },

    /// A child or a pool was used in a process that did not start it.
    #[error("only the process that started a child or a pool can wait for it, stop it or use it")]
    NotParent,

    /// An end of a pipe was used in a child that had not got it.
    #[error(
        "this end of a pipe belongs to the process that started this one; move it into the child: Process::new(move || ..)"
    )]
    NotOwner,

    /// There is no program of that name to start.
    #[error("cannot start {program}: no such program; correct the name, or install it")]
    NotFound {
        /// The name or path that was asked for.
        program: String,
    },

    /// A program is there, or something else of its name, and cannot be started.
    #[error("cannot start {program}: {source}")]
    CannotStart {
        /// The name or path that was asked for.
        program: String,
        /// What the system said.
        source: io::Error,
    },

    /// A `Subprocess` had not ended at its limit, or what it has started still had one of its pipes.
    #[error("{program} had not ended at its limit; its process group was killed")]
    ProgramTimedOut {
        /// The program's name, without its folder.
        program: String,
    },

    /// There is input for a `Subprocess`, but no pipe to send it through.
    #[error("{program} has no pipe for its input; start it with .stdin(Stdio::piped())")]
    NoStdin {
        /// The program's name, without its folder.
        program: String,
    },

    /// The last process to hold a lock or a permit ended without releasing it. What it guards may be half changed.
    /// `AcquireError::Recovered` hands over the guard; this is what `?` makes of it.
    #[error("its last holder ended without releasing it; what it guards may be half changed")]
    Recovered,

    /// The caller holds this lock already, and would wait for itself for ever.
    #[error("acquire refused: this thread holds the lock already; use an RLock to hold it twice")]
    Held,

    /// The limit of a call was over before what it waits for came.
    #[error("the limit was over before what was waited for came")]
    TimedOut,

    /// A barrier was aborted or reset, or one who waited at it gave up.
    #[error("the barrier is broken: a process gave up, or aborted or reset it")]
    Broken,

    /// More permits were released, or more processes came to a barrier, than it has room for; or one thread acquired
    /// more locks and permits than the system would release if the thread were killed.
    #[error("{call} refused: there is room for {room} at a time")]
    Room {
        /// What was called: `release`, `wait` or `acquire`.
        call: &'static str,
        /// For how many there is room.
        room: usize,
    },

    /// A queue that is bounded, or the memory of one that is not, has no room.
    #[error("the queue is full: it has {size} items")]
    Full {
        /// How many items were in it.
        size: usize,
    },

    /// There is nothing in a queue.
    #[error("the queue is empty")]
    Empty,

    /// A queue was closed, and what was in it has been taken; or the other end of a pipe was closed.
    #[error("closed: nothing more comes through")]
    Closed,

    /// A message is larger than the memory that it should go through.
    #[error(
        "the message has {size} bytes, and there is room for {room}; send it in parts, or make more room"
    )]
    TooLarge {
        /// The message's bytes, encoded.
        size: usize,
        /// How many the longest message may have.
        room: usize,
    },

    /// A value has no form that can cross to another process.
    #[error("cannot encode a value of type {type_name}: {reason}")]
    Encode {
        /// The value's type.
        type_name: String,
        /// What stands in the way.
        reason: String,
    },

    /// What came from another process is no value of the expected type.
    #[error("cannot decode a value of type {type_name}: {reason}")]
    Decode {
        /// The expected type.
        type_name: String,
        /// What is wrong with the bytes.
        reason: String,
    },

    /// A task panicked, with this message. Its worker goes on.
    #[error("the task panicked: {0}")]
    Panicked(String),

    /// The worker that ran a task ended before the task did.
    #[cfg(all(feature = "processes", target_os = "linux"))]
    #[error("worker {worker} died in mid-task: {exit}")]
    WorkerDied {
        /// Which process it was.
        worker: crate::Pid,
        /// How it ended.
        exit: crate::Exit,
    },

    /// The pool was terminated before the task was done.
    #[error("the pool was terminated before the task was done")]
    Terminated,

    /// A pool cannot go on: it could not start its workers, or its master was killed.
    #[error("the pool has stopped: {reason}")]
    PoolFailed {
        /// What has happened.
        reason: String,
    },

    /// A pool was to be made without workers.
    #[error("a pool needs one worker at least")]
    NoWorkers,

    /// A handle of a manager's queue was used for the first time when nobody kept that queue any more.
    #[error(
        "no manager keeps this queue: it has ended; let the Manager live as long as its handles are sent"
    )]
    ManagerGone,

    /// A handle of a manager's queue has come to a process of another user.
    #[error("the manager of this queue is another user's, and hands it to nobody else")]
    OtherUser,

    /// An option's value could not be understood.
    #[error("--{name} {value}: {reason}")]
    Option {
        /// The option's name, without the dashes.
        name: String,
        /// The value that was given.
        value: String,
        /// What is wrong with it.
        reason: String,
    },

    /// The scene cannot be played on this machine; made by [`crate::lesson::skip`].
    #[error("skipped: {0}")]
    Skip(String),

    /// Anything else, told in a scene's own words; made by [`Error::other`].
    #[error(transparent)]
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

impl From<io::Error> for Error {
    // The compiler hands `?` on to here as the caller: the place is a line of the lesson.
    #[track_caller]
    fn from(source: io::Error) -> Self {
        Self::Call { place: Location::caller(), source }
    }
}

#[cfg(all(feature = "processes", target_os = "linux"))]
impl From<nix::errno::Errno> for Error {
    #[track_caller]
    fn from(errno: nix::errno::Errno) -> Self {
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
            Err(nix::errno::Errno::ECHILD)?;
            Ok(())
        }
        let text = fails().unwrap_err().to_string();
        assert!(text.ends_with(" failed: ECHILD: No child processes"), "{text}");
    }
}
