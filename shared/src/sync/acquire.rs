//! What an acquire returns when it has more to say than "you hold it now".

use std::{error, fmt};

use crate::sys::{self, CellGuard};
use crate::{Error, Result};

/// What an acquire returns in place of a guard of type `G`.
///
/// ```
/// use shared::Process;
/// use shared::sync::{AcquireError, Lock};
///
/// let accounts = Lock::new((100_u32, 0_u32))?;
/// let mover = Process::new(|| {
///     let mut accounts = accounts.acquire()?;
///     accounts.0 -= 30;
///     shared::exit(1) // Without a destructor: the lock is still held, and the money has not arrived.
/// });
/// mover.start()?.join()?;
/// let accounts = match accounts.acquire() {
///     Err(AcquireError::Recovered(mut accounts)) => {
///         accounts.1 = 100 - accounts.0;
///         accounts
///     }
///     acquired => acquired?,
/// };
/// assert_eq!(*accounts, (70, 30));
/// # Ok::<(), shared::Error>(())
/// ```
pub enum AcquireError<G> {
    /// You hold it, but the last holder ended without releasing it, so what it guards may be half changed. Repair that,
    /// or give up. The next holder gets an ordinary guard.
    Recovered(G),
    /// You do not hold it: [`Error::TimedOut`], [`Error::AlreadyHeld`], [`Error::NoRoom`] or [`Error::System`].
    Failed(Error),
}

impl<G> AcquireError<G> {
    /// The guard, where nothing can be half changed.
    ///
    /// ```
    /// use shared::Process;
    /// use shared::sync::{AcquireError, Lock};
    ///
    /// let lock = Lock::new(0_u32)?;
    /// let holder = Process::new(|| {
    ///     let _guard = lock.acquire()?;
    ///     shared::exit(1) // Without a destructor: the lock is still held.
    /// });
    /// holder.start()?.join()?;
    /// let guard = lock.acquire().or_else(AcquireError::into_guard)?;
    /// assert_eq!(*guard, 0); // One number changes in one step.
    /// # Ok::<(), shared::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The error of [`AcquireError::Failed`].
    pub fn into_guard(self) -> Result<G> {
        match self {
            Self::Recovered(guard) => Ok(guard),
            Self::Failed(error) => Err(error),
        }
    }
}

/// Wraps the guard of a cell, and says how its last holder ended.
#[inline]
pub(super) fn acquired<'a, T, G>(
    locked: sys::Result<CellGuard<'a, T>>,
    wrap: impl FnOnce(CellGuard<'a, T>) -> G,
) -> Result<G, AcquireError<G>> {
    match locked {
        Ok(guard) if guard.owner_died() => Err(AcquireError::Recovered(wrap(guard))),
        Ok(guard) => Ok(wrap(guard)),
        Err(error) => Err(AcquireError::Failed(error.into())),
    }
}

/// Like [`acquired`], for a call that does not wait: `None` if the cell is not free.
#[inline]
pub(super) fn try_acquired<'a, T, G>(
    locked: sys::Result<Option<CellGuard<'a, T>>>,
    wrap: impl FnOnce(CellGuard<'a, T>) -> G,
) -> Result<Option<G>, AcquireError<G>> {
    locked.transpose().map(|locked| acquired(locked, wrap)).transpose()
}

impl<G> From<Error> for AcquireError<G> {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// For `?` where a dead holder is as bad as any other failure. It releases what was recovered.
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
