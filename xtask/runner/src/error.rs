//! Why there is no recording.

use std::fmt;
use std::io;

use crate::escape::escaped;
use crate::schedule::Refusal;

/// Why a run has no recording. What a program does is never an error, however bad it is: the recording shows it.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// [`Cancel::cancel`](crate::Cancel::cancel) was called, and the run has been ended.
    Cancelled,
    /// The program cannot be started.
    Start {
        /// The program, as it was asked for.
        program: String,
        /// The system's reason.
        reason: String,
    },
    /// The run cannot be directed here, and has not begun.
    Undirected(Refusal),
    /// The host or its supervisor lacks something. The text says what was tried.
    Supervise(String),
}

impl Error {
    /// An error about something that the host tried in vain.
    pub(crate) fn tried(what: &str, error: &io::Error) -> Self {
        Self::Supervise(format!("cannot {what}: {error}"))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cancelled => f.write_str("the run was cancelled"),
            Self::Start { program, reason } if program.is_empty() => {
                write!(f, "cannot start a program: {reason}")
            }
            Self::Start { program, reason } => {
                write!(f, "cannot start {}: {reason}", escaped(program))
            }
            Self::Undirected(refusal) => write!(f, "cannot direct a run: {refusal}"),
            Self::Supervise(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for Error {}
