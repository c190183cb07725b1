//! How a command ends, and with which exit code.

use std::fmt;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{ExitCode, ExitStatus};

use nix::sys::signal::Signal;

/// What a command found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Every check passed: exit code 0.
    Passed,
    /// A check failed, and the command has printed which: exit code 1.
    Failed,
}

impl Answer {
    /// `Passed` if nothing failed.
    pub(crate) fn from_failures(failures: usize) -> Self {
        if failures == 0 { Self::Passed } else { Self::Failed }
    }

    /// The answer of a call of cargo, or of xtask itself.
    pub(crate) fn from_call(status: io::Result<ExitStatus>) -> Result {
        let status =
            status.map_err(|error| Error::Question(format!("cannot start cargo: {error}")))?;
        // Ctrl-C reaches all processes of the terminal: cargo dies from it, and xtask cleans up first.
        if status.signal() == Some(Signal::SIGINT as i32) || status.code() == Some(130) {
            return Err(Error::Interrupted);
        }
        if status.signal() == Some(Signal::SIGPIPE as i32) || status.code() == Some(141) {
            return Err(Error::NoReader);
        }
        Ok(if status.success() { Self::Passed } else { Self::Failed })
    }
}

impl From<Answer> for ExitCode {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Passed => Self::SUCCESS,
            Answer::Failed => Self::FAILURE,
        }
    }
}

/// Why a command found no answer.
#[derive(Debug)]
pub(crate) enum Error {
    /// The command was called wrongly. The message says what to do instead: exit code 2.
    Question(String),
    /// The same, but the lesson has printed the message itself: exit code 2.
    AlreadyReported,
    /// A crate does not compile. The message is the compiler's: exit code 1.
    NotCompiled(String),
    /// The reader of our output has closed it, as `head` does: exit code 141, as if SIGPIPE had ended us. 0 would mean
    /// that every check passed.
    NoReader,
    /// Ctrl-C was pressed, and everything is cleaned up: exit code 130.
    Interrupted,
}

pub(crate) type Result<T = Answer> = std::result::Result<T, Error>;

impl Error {
    /// An error of a system call on a file: what was tried, where, and why it failed.
    pub(crate) fn file(verb: &str, path: &Path, error: &io::Error) -> Self {
        course::Error::file(verb, path, error).into()
    }

    /// The exit code for this error.
    pub(crate) fn code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::NotCompiled(_) => 1,
            Self::Question(_) | Self::AlreadyReported => 2,
            Self::Interrupted => 130,
            Self::NoReader => 141,
        })
    }
}

impl From<course::Error> for Error {
    fn from(error: course::Error) -> Self {
        match error {
            course::Error::NotCompiled(errors) => Self::NotCompiled(errors),
            course::Error::Cancelled => Self::Interrupted,
            other => Self::Question(other.to_string()),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Question(message) | Self::NotCompiled(message) => f.write_str(message),
            Self::AlreadyReported => f.write_str("the lesson refused its arguments"),
            Self::NoReader => f.write_str("the reader of the output has closed it"),
            Self::Interrupted => f.write_str("interrupted"),
        }
    }
}
