//! Why a measurement failed. A contender that fails is not an error: it is skipped.

use std::path::PathBuf;
use std::{error, fmt, io};

/// A `Result` whose error is [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a measurement could not be made, or not be finished.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The programs do not compile. cargo has printed why, on stderr.
    NotBuilt {
        /// The folder of their package.
        folder: PathBuf,
    },
    /// It was cancelled, by Ctrl-C or by the caller.
    Cancelled,
    /// A system call failed that each measurement needs.
    System {
        /// What was tried: `start cargo`.
        attempt: &'static str,
        /// The system's error.
        source: io::Error,
    },
}

impl Error {
    /// For `map_err`: names what was tried.
    pub(crate) fn system(attempt: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::System { attempt, source }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotBuilt { folder } => {
                write!(f, "{} does not build, see above", folder.display())
            }
            Self::Cancelled => f.write_str("cancelled"),
            Self::System { attempt, source } => write!(f, "cannot {attempt}: {source}"),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::System { source, .. } => Some(source),
            Self::NotBuilt { .. } | Self::Cancelled => None,
        }
    }
}
