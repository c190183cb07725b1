//! An acquire that is not as it should be: the lock with a warning, or no lock.

use std::{error, fmt};

use crate::Error;

/// What an acquire returns in place of a guard of type `G`.
pub enum AcquireError<G> {
    /// You hold it, but the one before you ended without releasing it: what it guards may be half changed. Repair that,
    /// or give up. The next one is not told again.
    Recovered(G),
    /// You do not hold it: [`Error::TimedOut`], [`Error::AlreadyHeld`], [`Error::NoRoom`] or [`Error::System`].
    Failed(Error),
}

impl<G> AcquireError<G> {
    /// The guard, where nothing can be half changed: `lock.acquire().or_else(AcquireError::into_guard)?`.
    ///
    /// # Errors
    ///
    /// The error of [`AcquireError::Failed`].
    pub fn into_guard(self) -> Result<G, Error> {
        match self {
            Self::Recovered(guard) => Ok(guard),
            Self::Failed(error) => Err(error),
        }
    }

    pub(crate) fn map<H>(self, wrap: impl FnOnce(G) -> H) -> AcquireError<H> {
        match self {
            Self::Recovered(guard) => AcquireError::Recovered(wrap(guard)),
            Self::Failed(error) => AcquireError::Failed(error),
        }
    }
}

impl<G> From<Error> for AcquireError<G> {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// For `?` where a dead holder is as bad as any other failure: it releases what was recovered.
impl<G> From<AcquireError<G>> for Error {
    fn from(error: AcquireError<G>) -> Self {
        match error {
            AcquireError::Recovered(_) => Self::Recovered,
            AcquireError::Failed(error) => error,
        }
    }
}

impl<G> fmt::Debug for AcquireError<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Recovered(_) => f.write_str("Recovered(..)"),
            Self::Failed(error) => f.debug_tuple("Failed").field(error).finish(),
        }
    }
}

impl<G> fmt::Display for AcquireError<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Recovered(_) => Error::Recovered.fmt(f),
            Self::Failed(error) => error.fmt(f),
        }
    }
}

impl<G> error::Error for AcquireError<G> {}
