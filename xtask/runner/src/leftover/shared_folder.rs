//! Files in folders that the whole machine shares: POSIX shared memory and semaphores, POSIX message queues, and
//! temporary files of programs that ignore TMPDIR.
//!
//! The kernel does not record which process made a file. A file that appeared during the run, belongs to this user and
//! is used by no process is only a suspect. A second run shows whether it was a coincidence.

use std::collections::{HashMap, HashSet};
use std::env;
use std::ffi::OsString;
use std::fs::{self, DirEntry};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirEntryExt, MetadataExt};
use std::path::{Path, PathBuf};

use nix::unistd::geteuid;

use super::{Detector, Leftover};
use crate::folder::Folder;
use crate::processes;

/// A shared folder, and what it held before the run.
struct Before {
    path: PathBuf,
    entries: HashMap<OsString, Stamp>,
}

/// The inode and the time of the last change: a program that reuses its own old file leaves it behind again.
type Stamp = (u64, i64, i64);

pub(super) fn memory(_: &Folder) -> Box<dyn Detector> {
    Before::the_run("/dev/shm".into())
}

/// The usual mount point; see mq_overview(7).
pub(super) fn message_queues(_: &Folder) -> Box<dyn Detector> {
    Before::the_run("/dev/mqueue".into())
}

pub(super) fn temporary(_: &Folder) -> Box<dyn Detector> {
    Before::the_run(env::temp_dir())
}

impl Before {
    fn the_run(path: PathBuf) -> Box<dyn Detector> {
        let mut before = Self { path, entries: HashMap::new() };
        before.entries = before.now().collect();
        Box::new(before)
    }

    /// The entries that are there now, without the folders of runs, which are removed soon.
    fn now(&self) -> impl Iterator<Item = (OsString, Stamp)> {
        entries(&self.path).filter_map(|entry| {
            let name = entry.file_name();
            let is_a_runs = name.as_bytes().starts_with(Folder::PREFIX.as_bytes());
            if is_a_runs { None } else { Some((name, stamp(&entry)?)) }
        })
    }
}

fn stamp(entry: &DirEntry) -> Option<Stamp> {
    // A folder's time changes with every file that is made in it. The list of entries has its inode, which saves a call
    // of the kernel for each folder.
    if entry.file_type().ok()?.is_dir() {
        return Some((entry.ino(), 0, 0));
    }
    let metadata = entry.metadata().ok()?;
    Some((metadata.ino(), metadata.ctime(), metadata.ctime_nsec()))
}

impl Detector for Before {
    fn found(&self) -> Vec<Leftover> {
        let user = geteuid().as_raw();
        let mut suspects: Vec<PathBuf> = self
            .now()
            .filter(|(name, stamp)| self.entries.get(name) != Some(stamp))
            .map(|(name, _)| self.path.join(name))
            .filter(|path| path.symlink_metadata().is_ok_and(|metadata| metadata.uid() == user))
            .collect();
        if !suspects.is_empty() {
            let used = in_use(&self.path);
            suspects.retain(|path| !used.contains(path));
        }
        suspects.sort();
        suspects.into_iter().map(|path| Leftover::Shared { path }).collect()
    }
}

/// The entries of `folder` that a process has open or mapped, and those that contain a file that a process has open.
fn in_use(folder: &Path) -> HashSet<PathBuf> {
    let mut used = HashSet::new();
    let mut note = |path: &Path| {
        let below = path.strip_prefix(folder).ok().and_then(|below| below.components().next());
        used.extend(below.map(|first| folder.join(first)));
    };
    for pid in processes::pids() {
        let links = entries(format!("/proc/{pid}/fd")).map(|entry| entry.path());
        let links = links.chain(["cwd", "exe"].map(|link| format!("/proc/{pid}/{link}").into()));
        links.filter_map(|link| fs::read_link(link).ok()).for_each(|path| note(&path));
        let maps = fs::read(format!("/proc/{pid}/maps")).unwrap_or_default();
        for line in String::from_utf8_lossy(&maps).lines() {
            if let Some(at) = line.find('/') {
                note(Path::new(&line[at..]));
            }
        }
    }
    used
}

fn entries(folder: impl AsRef<Path>) -> impl Iterator<Item = DirEntry> {
    fs::read_dir(folder).into_iter().flatten().flatten()
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;

    fn names(detector: &dyn Detector) -> Vec<String> {
        let name = |leftover| match leftover {
            Leftover::Shared { path } => path.file_name().unwrap().to_string_lossy().into_owned(),
            other => panic!("{other:?}"),
        };
        detector.found().into_iter().map(name).collect()
    }

    #[test]
    fn what_is_new_and_unused_is_suspect() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        File::create(path("old")).unwrap();
        File::create(path("untouched")).unwrap();
        fs::create_dir(path("there")).unwrap();
        let before = Before::the_run(folder.path().to_owned());
        fs::write(path("old"), "changed").unwrap();
        File::create(path("new")).unwrap();
        let _open = File::create(path("open")).unwrap();
        fs::create_dir(path("busy")).unwrap();
        let _inside = File::create(path("busy/file")).unwrap();
        fs::create_dir(path("runner-of-another")).unwrap();
        fs::create_dir(path("made")).unwrap();
        File::create(path("there/inside")).unwrap();
        assert_eq!(names(&*before), ["made", "new", "old"]);
    }
}
