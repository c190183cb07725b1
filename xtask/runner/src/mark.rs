//! A mark that identifies a process of a run when its parents are dead.
//!
//! While the supervisor lives, every descendant of it belongs to the run. If it is killed, its orphans become children
//! of the host, together with orphans of other runs and with children that the host has for other purposes. A daemon
//! may have lost everything that usually identifies it: its parent, group and session by two forks and setsid, and also
//! its environment, descriptors and directory. Control groups and namespaces need privileges.
//!
//! But no program touches the limit on file locks, `RLIMIT_LOCKS`. The kernel has not enforced it since 2.4.25. Every
//! child inherits it, also through exec, and every process can read it in /proc/PID/limits, even for a zombie. So a
//! supervisor sets its own limit to a number that is drawn for the run.

use std::fs;
use std::io;
use std::process;

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::unistd::Pid;
use serde::{Deserialize, Serialize};

/// The number of one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mark(u64);

impl Mark {
    /// A mark that no other run has. Chance alone is not enough: two hosts that are directed themselves draw the same
    /// numbers.
    pub(crate) fn draw() -> io::Result<Self> {
        let (_, most) = getrlimit(Resource::RLIMIT_LOCKS)?;
        Ok(Self::of(process::id(), fastrand::u32(..), most))
    }

    fn of(host: u32, drawn: u32, most: u64) -> Self {
        Self(1 + (u64::from(host) << 32 | u64::from(drawn)) % (most.max(2) - 1))
    }

    /// Marks this process, and every process that it starts from now on.
    pub(crate) fn put_on(self) -> io::Result<()> {
        let (_, most) = getrlimit(Resource::RLIMIT_LOCKS)?;
        Ok(setrlimit(Resource::RLIMIT_LOCKS, self.0, most)?)
    }

    /// Whether that process has it.
    pub(crate) fn is_on(self, pid: Pid) -> bool {
        let limits = fs::read_to_string(format!("/proc/{pid}/limits")).unwrap_or_default();
        let limit = limits.lines().find_map(|line| line.strip_prefix("Max file locks"));
        limit.and_then(|limit| limit.split_whitespace().next()?.parse().ok()) == Some(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_process_bears_a_mark_by_chance() {
        let mark = Mark::draw().unwrap();
        assert!(!mark.is_on(Pid::this()));
        assert_ne!(mark, Mark::draw().unwrap());
        assert_ne!(Mark::of(1, 5, u64::MAX), Mark::of(2, 5, u64::MAX), "two hosts draw the same");
        assert!((1..=9).contains(&Mark::of(1, 5, 10).0));
    }
}
