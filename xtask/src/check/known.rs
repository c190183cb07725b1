//! What earlier checks found out and a later one need not: kept under `target`, where it may be deleted at any time.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::workspace::Workspace;

/// Counts of legal outputs, how long scenes run, and which refused snippets were refused.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Known {
    /// The xtask that wrote it: another one may count differently.
    judge: u64,
    counts: BTreeMap<u64, String>,
    seconds: BTreeMap<String, f64>,
    refused: BTreeMap<u64, String>,
}

impl Known {
    /// What is known; nothing if there is no file, or one that another xtask wrote.
    pub(crate) fn load(workspace: &Workspace) -> Self {
        let known = fs::read(path(workspace)).ok();
        let known: Option<Self> = known.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let judge = identity(Path::new("/proc/self/exe"));
        match known {
            Some(known) if known.judge == judge => known,
            known => Self {
                judge,
                // Only a guess for the order of the work: good enough from any xtask.
                seconds: known.unwrap_or_default().seconds,
                ..Self::default()
            },
        }
    }

    /// Keeps it for the next time. That fails on a full disk, for example, and costs only time.
    pub(crate) fn save(&self, workspace: &Workspace) {
        let path = path(workspace);
        if let (Some(folder), Ok(bytes)) = (path.parent(), serde_json::to_vec(self)) {
            _ = fs::create_dir_all(folder).and_then(|()| fs::write(path, bytes));
        }
    }

    /// The number of legal outputs of the transcript with this text, in words.
    pub(crate) fn count(&self, text: &str) -> Option<&str> {
        self.counts.get(&hash(text)).map(String::as_str)
    }

    pub(crate) fn learn_count(&mut self, text: &str, count: &str) {
        self.counts.insert(hash(text), count.to_owned());
    }

    /// How long one run takes: real seconds at speed 20.
    pub(crate) fn seconds(&self, name: &str) -> Option<f64> {
        self.seconds.get(name).copied()
    }

    pub(crate) fn learn_seconds(&mut self, name: &str, seconds: f64) {
        self.seconds.insert(name.to_owned(), seconds);
    }

    /// Whether the snippet with this key was refused as it should be.
    pub(crate) fn is_refused(&self, key: u64) -> bool {
        self.refused.contains_key(&key)
    }

    pub(crate) fn learn_refused(&mut self, key: u64, name: &str) {
        // Keys of earlier contents would pile up.
        self.refused.retain(|_, other| other != name);
        self.refused.insert(key, name.to_owned());
    }
}

fn path(workspace: &Workspace) -> PathBuf {
    workspace.target().join("xtask/known.json")
}

pub(crate) fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Changes whenever the file does; one number for all that do not exist.
pub(crate) fn identity(path: &Path) -> u64 {
    let metadata = fs::metadata(path).ok();
    hash(metadata.map(|file| (file.len(), file.ino(), file.mtime(), file.mtime_nsec())))
}
