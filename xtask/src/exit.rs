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
    /// Everything held: exit code 0.
    Held,
    /// Something did not, and the command has said what: exit code 1.
    Broken,
}

impl Answer {
    /// `Held` only where nothing failed.
    pub(crate) fn from_failures(failures: usize) -> Self {
        if failures == 0 { Self::Held } else { Self::Broken }
    }

    /// What the end of a call of cargo, or of xtask itself, means.
    pub(crate) fn from_call(status: io::Result<ExitStatus>) -> Result {
        let status =
            status.map_err(|error| Error::Question(format!("cannot start cargo: {error}")))?;
        // Ctrl-C reaches all of the terminal's processes: cargo dies of it, xtask tidies up first.
        if status.signal() == Some(Signal::SIGINT as i32) || status.code() == Some(130) {
            return Err(Error::Interrupted);
        }
        if status.signal() == Some(Signal::SIGPIPE as i32) || status.code() == Some(141) {
            return Err(Error::NoReader);
        }
        Ok(if status.success() { Self::Held } else { Self::Broken })
    }
}

impl From<Answer> for ExitCode {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Held => Self::SUCCESS,
            Answer::Broken => Self::FAILURE,
        }
    }
}

/// Why a command has no answer.
#[derive(Debug)]
pub(crate) enum Error {
    /// The question was wrong, in words that say what to do instead: exit code 2.
    Question(String),
    /// The same, but the lesson that was asked has said so itself: exit code 2.
    Told,
    /// A crate does not compile, in the compiler's words: exit code 1.
    NotCompiled(String),
    /// The reader of our output has gone, as `head` does: exit code 141, as if SIGPIPE had ended us. 0 would mean that
    /// everything held.
    NoReader,
    /// Ctrl-C came in the middle, and everything is cleaned up: exit code 130.
    Interrupted,
}

pub(crate) type Result<T = Answer> = std::result::Result<T, Error>;

impl Error {
    /// For a system call on a file: what was tried, where, and why it failed.
    pub(crate) fn file(verb: &str, path: &Path, error: &io::Error) -> Self {
        course::Error::file(verb, path, error).into()
    }

    /// The exit code that tells this end from the others.
    pub(crate) fn code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::NotCompiled(_) => 1,
            Self::Question(_) | Self::Told => 2,
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
            Self::Told => f.write_str("the lesson refused its arguments"),
            Self::NoReader => f.write_str("the reader of the output has gone"),
            Self::Interrupted => f.write_str("interrupted"),
        }
    }
}
