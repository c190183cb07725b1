//! By what a process of a run is known when its parents are dead.
//!
//! While the supervisor lives, whatever descends from it belongs to the run. If it is killed, its orphans become the
//! host's children, several runs' side by side, beside children that the host has for other purposes. A daemon may have
//! forgotten all that usually tells: its parent, group and session by two forks and setsid, its environment, its
//! descriptors, its directory. Control groups need rights, and so do namespaces.
//!
//! What no program touches is the limit on file locks, `RLIMIT_LOCKS`. The kernel has not enforced it since 2.4.25, but
//! every child inherits it, through exec too, and /proc/PID/limits shows it to everybody, of zombies as well. So a
//! supervisor sets its own to a number drawn for the run.

use std::fs;
use std::io;

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::unistd::Pid;
use serde::{Deserialize, Serialize};

/// A run's own number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mark(u64);

impl Mark {
    /// One that no other run has.
    pub(crate) fn draw() -> io::Result<Self> {
        let (_, most) = getrlimit(Resource::RLIMIT_LOCKS)?;
        Ok(Self(fastrand::u64(1..most.max(2))))
    }

    /// Marks this process, and what it starts from now on.
    pub(crate) fn put_on(self) -> io::Result<()> {
        let (_, most) = getrlimit(Resource::RLIMIT_LOCKS)?;
        Ok(setrlimit(Resource::RLIMIT_LOCKS, self.0, most)?)
    }

    /// Whether that process bears it.
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
    }
}
