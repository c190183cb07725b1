//! Results of earlier checks that a later check can use again. They are kept under `target`, and may be deleted at any
//! time.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use transcript::Count;

use crate::course::Course;

/// How long one run of a scene takes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Span {
    /// From its start to its end.
    pub wall: Duration,
    /// The processor time of all its processes together.
    pub processor: Duration,
}

impl Span {
    /// How many processors it keeps busy, on average.
    pub fn load(self) -> f64 {
        self.processor.as_secs_f64() / self.wall.as_secs_f64().max(0.001)
    }
}

/// Counts of legal outputs, how long scenes run, and which refused snippets were refused.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Cache {
    /// The build of xtask that wrote it: another one may count differently.
    judge: u64,
    /// Counts of legal outputs, as texts.
    counts: BTreeMap<u64, String>,
    spans: BTreeMap<String, Span>,
    refused: BTreeMap<u64, String>,
}

impl Cache {
    /// Loads the cache; it is empty if there is no file. From another build of xtask, only durations are kept.
    pub fn load(course: &Course) -> Self {
        let cache = fs::read(path(course)).ok();
        let cache: Option<Self> = cache.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let judge = identity(Path::new("/proc/self/exe"));
        match cache {
            Some(cache) if cache.judge == judge => cache,
            cache => Self {
                judge,
                // Durations only decide the order of the work, so those from another build of xtask are good enough.
                spans: cache.unwrap_or_default().spans,
                ..Self::default()
            },
        }
    }

    /// Saves it for the next time. If that fails, for example on a full disk, only time is lost.
    pub fn save(&self, course: &Course) {
        let path = path(course);
        if let (Some(folder), Ok(bytes)) = (path.parent(), serde_json::to_vec(self)) {
            _ = fs::create_dir_all(folder).and_then(|()| fs::write(path, bytes));
        }
    }

    /// The number of legal outputs of the transcript with this text.
    pub fn count(&self, text: &str) -> Option<Count> {
        self.counts.get(&hash(text))?.parse().ok()
    }

    /// Keeps the number of legal outputs of the transcript with this text.
    pub fn keep_count(&mut self, text: &str, count: Count) {
        self.counts.insert(hash(text), count.to_string());
    }

    /// How long one run of the scene takes, at speed 20.
    pub fn span(&self, name: &str) -> Option<Span> {
        self.spans.get(name).copied()
    }

    /// Keeps how long one run of the scene took, at speed 20.
    pub fn keep_span(&mut self, name: &str, span: Span) {
        self.spans.insert(name.to_owned(), span);
    }

    /// Whether the snippet with this key was refused as expected.
    pub fn is_refused(&self, key: u64) -> bool {
        self.refused.contains_key(&key)
    }

    /// Keeps that the snippet `name`, in the state that `key` identifies, was refused as expected.
    pub fn keep_refused(&mut self, key: u64, name: &str) {
        // Keys of earlier versions would pile up.
        self.refused.retain(|_, other| other != name);
        self.refused.insert(key, name.to_owned());
    }
}

fn path(course: &Course) -> PathBuf {
    course.target().join("xtask/cache.json")
}

/// A number that is the same for equal values, within one build of this crate.
pub fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// A number that changes whenever the file changes; the same for all files that do not exist.
pub(crate) fn identity(path: &Path) -> u64 {
    let metadata = fs::metadata(path).ok();
    hash(metadata.map(|file| (file.len(), file.ino(), file.mtime(), file.mtime_nsec())))
}
