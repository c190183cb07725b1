//! How a process ended.

use std::fmt;

use nix::libc;
use nix::sys::signal;

/// How a child ended. Python's `exitcode` is 3 for `Code(3)`, -15 for `Signal(SIGTERM)`, and 1 for `Panicked`.
///
/// ```
/// use shared::{Exit, Process, exit};
///
/// let ended = |work: fn() -> shared::Result<()>| Process::new(work).start()?.join();
/// assert_eq!(ended(|| Ok(()))?, Exit::Code(0));
/// assert_eq!(ended(|| exit(3))?, Exit::Code(3));
/// assert_eq!(ended(|| panic!("no paper"))?, Exit::Panicked("no paper".to_owned()));
/// # Ok::<(), shared::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "messages", derive(serde::Serialize, serde::Deserialize))]
pub enum Exit {
    /// It returned, or called exit: 0 is success. A child whose function returned an error has code 1.
    Code(i32),
    /// A signal ended it.
    Signal(Signal),
    /// It panicked (its exit code is 101), with this message, cut to 4096 bytes.
    Panicked(String),
    /// It ended, but its status is lost: something else in the parent has reaped it. If SIGCHLD was ignored or had a
    /// handler when the child was started, an exit code that its function gave is known even then, and so is a panic
    /// in any case.
    Unknown,
}

impl Exit {
    /// Whether it ended with exit code 0.
    pub fn success(&self) -> bool {
        *self == Self::Code(0)
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "exit code {code}"),
            Self::Signal(signal) => write!(f, "killed by {signal}"),
            Self::Panicked(message) => write!(f, "panicked: {message}"),
            Self::Unknown => f.write_str(
                "status unknown: another part of the program has reaped it; do not ignore SIGCHLD",
            ),
        }
    }
}

/// A signal's number, shown by its name. Real-time signals included: nix's `Signal` has no names for these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "messages", derive(serde::Serialize, serde::Deserialize))]
pub struct Signal(pub i32);

impl From<signal::Signal> for Signal {
    fn from(signal: signal::Signal) -> Self {
        Self(signal as i32)
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match signal::Signal::try_from(self.0) {
            Ok(signal) => f.write_str(signal.as_str()),
            Err(_) if self.0 == libc::SIGRTMIN() => f.write_str("SIGRTMIN"),
            Err(_) => write!(f, "SIGRTMIN{:+}", self.0 - libc::SIGRTMIN()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_told_in_words() {
        assert_eq!(Exit::Code(3).to_string(), "exit code 3");
        assert_eq!(Exit::Signal(signal::Signal::SIGTERM.into()).to_string(), "killed by SIGTERM");
        assert_eq!(Exit::Panicked("no luck".into()).to_string(), "panicked: no luck");
        assert!(Exit::Code(0).success() && !Exit::Code(1).success());
    }

    #[test]
    fn real_time_signals_count_from_the_first() {
        assert_eq!(Signal(libc::SIGRTMIN()).to_string(), "SIGRTMIN");
        assert_eq!(Signal(libc::SIGRTMIN() + 3).to_string(), "SIGRTMIN+3");
    }
}
