//! System V shared memory, semaphores and message queues, which outlive every process; see sysvipc(7).

use std::collections::HashSet;
use std::fmt;
use std::fs;

use nix::unistd::geteuid;
use serde::{Deserialize, Serialize};

use super::{Detector, Leftover};
use crate::folder::Folder;

/// A kind of System V object. Display: its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SystemV {
    /// Made by shmget(2).
    SharedMemory,
    /// Made by semget(2).
    Semaphores,
    /// Made by msgget(2).
    MessageQueue,
}

impl SystemV {
    const ALL: [Self; 3] = [Self::SharedMemory, Self::Semaphores, Self::MessageQueue];

    /// Its table in /proc/sysvipc, and the name of the column with its number.
    fn table(self) -> (&'static str, &'static str) {
        match self {
            Self::SharedMemory => ("shm", "shmid"),
            Self::Semaphores => ("sem", "semid"),
            Self::MessageQueue => ("msg", "msqid"),
        }
    }

    /// The command that removes one.
    pub(super) fn remedy(self) -> &'static str {
        match self {
            Self::SharedMemory => "ipcrm -m",
            Self::Semaphores => "ipcrm -s",
            Self::MessageQueue => "ipcrm -q",
        }
    }
}

impl fmt::Display for SystemV {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SharedMemory => "shared memory segment",
            Self::Semaphores => "semaphore set",
            Self::MessageQueue => "message queue",
        })
    }
}

/// The objects before the run. The kernel does not reuse a number before some thousand others.
struct Before(HashSet<(SystemV, i32)>);

pub(super) fn objects(_: &Folder) -> Box<dyn Detector> {
    Box::new(Before(now().collect()))
}

impl Detector for Before {
    /// A shared memory segment records its creator, but that process may have been too short-lived to be seen. So every
    /// new object of this user is a suspect, as in a shared folder.
    fn found(&self) -> Vec<Leftover> {
        let new = now().filter(|object| !self.0.contains(object));
        new.map(|(kind, id)| Leftover::SystemV { kind, id }).collect()
    }
}

/// All objects that this user has made and that no process has attached.
fn now() -> impl Iterator<Item = (SystemV, i32)> {
    SystemV::ALL.into_iter().flat_map(|kind| {
        let (table, number) = kind.table();
        // A kernel without System V has no such file, and no objects.
        let table = fs::read_to_string(format!("/proc/sysvipc/{table}")).unwrap_or_default();
        parse(&table, number, geteuid().as_raw()).into_iter().map(move |id| (kind, id))
    })
}

/// The numbers of the objects in a table of /proc/sysvipc that `user` has made. Shared memory that is still attached is
/// left out: it belongs to a living process, which is not one of the run.
fn parse(table: &str, number: &str, user: u32) -> Vec<i32> {
    let mut lines = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let head = lines.next().unwrap_or_default();
    let column = |name: &str| head.iter().position(|title| *title == name);
    let (Some(number), Some(creator)) = (column(number), column("cuid")) else {
        return Vec::new();
    };
    let attached = column("nattch");
    let is_suspect = |line: &Vec<&str>| {
        line.get(creator).and_then(|uid| uid.parse().ok()) == Some(user)
            && attached.is_none_or(|attached| line.get(attached) == Some(&"0"))
    };
    lines.filter(is_suspect).filter_map(|line| line.get(number)?.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_made_it_and_who_uses_it_decides() {
        let table = "       key      shmid perms       size  cpid  lpid nattch   uid   gid  cuid  cgid\n\
                              0          3   600       1024     7     7      0    10     1    10     1\n\
                              0          4   600       1024     7     7      2    10     1    10     1\n\
                              0          5   600       1024     7     7      0    10     1    11     1\n";
        assert_eq!(parse(table, "shmid", 10), [3]);
        let table = "       key      semid perms      nsems   uid   gid  cuid  cgid\n\
                              0         32   644          1    10     1    10     1\n";
        assert_eq!(parse(table, "semid", 10), [32]);
        assert_eq!(parse("", "semid", 10), Vec::<i32>::new());
    }
}
