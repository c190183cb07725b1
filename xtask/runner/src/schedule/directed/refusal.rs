//! Why a run cannot be directed here.

use std::fmt;
use std::fs;
use std::io;
use std::thread;

use nix::errno::Errno;
use serde::{Deserialize, Serialize};

use super::{filter, seccomp, time};
use crate::escape::escaped;

/// Why this machine, or what this program runs in, allows no directed run. Displayed in one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Refusal {
    /// The kernel is older than Linux 5.19. This is its release.
    Kernel(String),
    /// No one has tried it on this architecture.
    Architecture,
    /// This program's own system calls are reported to another one: to the director of another run, or to a container.
    /// The kernel allows only one such listener.
    Listener,
    /// The kernel refuses the filter, or a container forbids it. This is the reason.
    Forbidden(String),
    /// The clock of a program cannot be replaced. This is the reason.
    Clock(String),
    /// This file of /proc is missing.
    Proc(String),
}

impl Refusal {
    /// The reason why no run can be directed here. None if it can.
    #[must_use]
    pub fn here() -> Option<Self> {
        if filter::ARCHITECTURE.is_none() {
            return Some(Self::Architecture);
        }
        if let Err(error) = time::try_to_replace_clocks() {
            return Some(Self::Clock(error.to_string()));
        }
        for file in ["children", "schedstat", "syscall"] {
            let path = format!("/proc/thread-self/{file}");
            if let Err(error) = fs::read(&path)
                && error.kind() == io::ErrorKind::NotFound
            {
                return Some(Self::Proc(path));
            }
        }
        // In a thread that ends at once: a filter cannot be taken back.
        let tried = thread::spawn(|| seccomp::listen(&filter::everything()).map(drop)).join();
        tried.ok()?.err().map(|error| Self::from(&error))
    }
}

impl From<&io::Error> for Refusal {
    /// The meaning of the error with which the filter was refused.
    fn from(error: &io::Error) -> Self {
        match error.raw_os_error().map(Errno::from_raw) {
            // It does not know the flag that keeps a signal from ending a call that is held.
            Some(Errno::EINVAL) => Self::Kernel(release()),
            Some(Errno::EBUSY) => Self::Listener,
            _ => Self::Forbidden(error.to_string()),
        }
    }
}

fn release() -> String {
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    release.trim().to_owned()
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kernel(release) => {
                write!(f, "Linux 5.19 or newer is needed, and this is {}", escaped(release))
            }
            Self::Architecture => {
                write!(f, "the director does not know the processor {}", std::env::consts::ARCH)
            }
            Self::Listener => f.write_str("this program is being directed itself"),
            Self::Forbidden(reason) => {
                write!(f, "the system allows no filter of system calls: {}", escaped(reason))
            }
            Self::Clock(reason) => {
                write!(f, "the clock of a program cannot be replaced: {}", escaped(reason))
            }
            Self::Proc(path) => write!(f, "the kernel has no {path}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use nix::libc;

    use super::*;

    #[test]
    fn each_error_has_its_meaning() {
        let refusal = |errno| Refusal::from(&io::Error::from_raw_os_error(errno));
        assert!(matches!(refusal(libc::EINVAL), Refusal::Kernel(release) if release.contains('.')));
        assert_eq!(refusal(libc::EBUSY), Refusal::Listener);
        let said = refusal(libc::EPERM).to_string();
        assert!(
            said.contains("allows no filter of system calls: Operation not permitted"),
            "{said}"
        );
    }
}
