//! What a scene leaves behind when it ends: processes, files, shared memory.
//!
//! What is fair: when the leader ends, whatever it started must have ended, and it must have waited for its children.
//! - A child that was seen beside its living leader, and is still there when the leader has ended, was not waited for.
//!   That is certain: a process gets a new parent only by the death of the old one.
//! - An orphan (its own parent ended first) cannot be waited for by the leader. A scene learns of its end by an
//!   end-of-file, a moment before it is gone. So an orphan has [`GRACE`] to end, and as long as it takes once it exits.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::fmt;
use std::fs::{self, DirEntry, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::wait::waitpid;
use nix::unistd::{Pid, geteuid};
use serde::{Deserialize, Serialize};

use super::processes::{self, Process};

/// How long an orphan may go on after the leader's end.
const GRACE: Duration = Duration::from_millis(100);
/// How often the grace looks again.
const GLANCE: Duration = Duration::from_millis(2);
/// How long one that is exiting may need: it only frees its memory.
const EXIT: Duration = Duration::from_secs(2);
const SHARED_MEMORY: &str = "/dev/shm";

/// One thing that should not be there any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Left {
    /// A process that went on.
    Running { pid: i32, command: String },
    /// A child of the scene that the scene did not wait for.
    Unwaited { pid: i32, command: String },
    /// An entry in the scene's own temporary folder.
    Temporary { name: String },
    /// An entry in /dev/shm.
    Shared { name: String },
}

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Running { pid, command } => {
                write!(f, "process {pid} was still running: {command}")
            }
            Self::Unwaited { pid, command } => {
                write!(f, "child {pid} was never waited for: {command}")
            }
            Self::Temporary { name } => write!(f, "{name} in the temporary folder"),
            Self::Shared { name } => write!(f, "{SHARED_MEMORY}/{name}"),
        }
    }
}

/// Watches what a scene has around itself.
pub(crate) struct Witness {
    leader: Pid,
    /// Every process met so far, so that only new ones cost a look.
    known: HashSet<Pid>,
    /// The leader's children, with their commands.
    children: HashMap<Pid, String>,
    looked: Instant,
}

impl Witness {
    pub(crate) fn new(leader: Pid) -> Self {
        Self { leader, known: HashSet::new(), children: HashMap::new(), looked: Instant::now() }
    }

    /// Notes new children of the leader: at most once in a millisecond, and only what is new is read.
    pub(crate) fn look(&mut self) {
        if self.looked.elapsed() < Duration::from_millis(1) {
            return;
        }
        self.looked = Instant::now();
        for pid in processes::pids() {
            if self.known.insert(pid)
                && Process::read(pid).is_some_and(|process| process.parent == self.leader)
            {
                self.children.insert(pid, processes::command(pid));
            }
        }
    }

    /// Reaps orphans, as init would do, while the leader lives.
    pub(crate) fn reap_orphans(&self) {
        for process in processes::all() {
            // A child of the leader that is ours now tells that the leader has ended: evidence, to be kept.
            if process.parent == Pid::this()
                && process.is_zombie()
                && process.pid != self.leader
                && !self.children.contains_key(&process.pid)
            {
                _ = waitpid(process.pid, None);
            }
        }
    }

    /// Which processes remain now that the leader has ended.
    pub(crate) fn left_behind(&self) -> Vec<Left> {
        let start = Instant::now();
        loop {
            let (children, mut orphans): (Vec<Process>, Vec<Process>) = processes::descendants()
                .into_iter()
                .partition(|process| self.children.contains_key(&process.pid));
            orphans.retain(|orphan| !orphan.is_zombie());
            let patience = match orphans.iter().all(Process::has_ended) {
                _ if orphans.is_empty() || !children.is_empty() => Duration::ZERO,
                true => EXIT,
                false => GRACE,
            };
            if start.elapsed() >= patience {
                orphans.retain(|orphan| !orphan.has_ended());
                let left = children.iter().chain(&orphans);
                return left.map(|process| self.testify(process)).collect();
            }
            thread::sleep(GLANCE);
        }
    }

    fn testify(&self, process: &Process) -> Left {
        let pid = process.pid.as_raw();
        match self.children.get(&process.pid) {
            Some(command) if process.has_ended() => {
                Left::Unwaited { pid, command: command.clone() }
            }
            _ => Left::Running { pid, command: processes::command(process.pid) },
        }
    }
}

/// Every process of the scene that is running now.
pub(crate) fn running() -> Vec<Left> {
    let mut family = processes::descendants();
    family.retain(|process| !process.has_ended());
    family
        .into_iter()
        .map(|process| Left::Running {
            pid: process.pid.as_raw(),
            command: processes::command(process.pid),
        })
        .collect()
}

/// The entries of the scene's own temporary folder.
pub(crate) fn temporary(folder: &Path) -> Vec<Left> {
    let mut left: Vec<Left> = entries(folder)
        .map(|entry| Left::Temporary { name: entry.file_name().to_string_lossy().into_owned() })
        .collect();
    left.sort_by_key(Left::to_string);
    left
}

/// What /dev/shm holds before a scene starts.
pub(crate) struct SharedMemory(HashMap<OsString, Stamp>);

/// Inode, and time of the last change: a file that is used again gets another one.
type Stamp = (u64, i64, i64);

impl SharedMemory {
    pub(crate) fn now() -> Self {
        let stamped = entries(SHARED_MEMORY).filter_map(|entry| {
            let metadata = entry.metadata().ok()?;
            Some((entry.file_name(), stamp(&metadata)))
        });
        Self(stamped.collect())
    }

    /// What came or changed since then, belongs to this user, and is used by nobody: when this is asked, no process of
    /// the scene lives any more. It may still be another program's, so that it is reported but never removed.
    pub(crate) fn new_since(&self) -> Vec<Left> {
        let mut new: Vec<OsString> = entries(SHARED_MEMORY)
            .filter_map(|entry| {
                let metadata = entry.metadata().ok()?;
                let is_new = self.0.get(&entry.file_name()) != Some(&stamp(&metadata));
                (is_new && metadata.uid() == geteuid().as_raw()).then(|| entry.file_name())
            })
            .collect();
        if !new.is_empty() {
            let used = in_use();
            new.retain(|name| !used.contains(&Path::new(SHARED_MEMORY).join(name)));
        }
        new.sort();
        new.iter().map(|name| Left::Shared { name: name.to_string_lossy().into_owned() }).collect()
    }
}

fn stamp(metadata: &Metadata) -> Stamp {
    match metadata.is_dir() {
        // It changes with every file that somebody puts into it.
        true => (metadata.ino(), 0, 0),
        false => (metadata.ino(), metadata.ctime(), metadata.ctime_nsec()),
    }
}

impl Left {
    /// Whether it stands in /dev/shm, where it could be somebody else's.
    pub(crate) fn is_shared(&self) -> bool {
        matches!(self, Self::Shared { .. })
    }
}

/// Every file in /dev/shm that some process has open or mapped.
fn in_use() -> HashSet<PathBuf> {
    let mut used = HashSet::new();
    for pid in processes::pids() {
        let descriptors = entries(format!("/proc/{pid}/fd"));
        used.extend(descriptors.filter_map(|entry| fs::read_link(entry.path()).ok()));
        let maps = fs::read_to_string(format!("/proc/{pid}/maps")).unwrap_or_default();
        let mapped = maps.lines().filter_map(|line| line.find(SHARED_MEMORY).map(|at| &line[at..]));
        used.extend(mapped.map(PathBuf::from));
    }
    used
}

fn entries(folder: impl AsRef<Path>) -> impl Iterator<Item = DirEntry> {
    fs::read_dir(folder).into_iter().flatten().flatten()
}
