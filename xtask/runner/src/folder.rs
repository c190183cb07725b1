//! The folder of a run.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// The folder that belongs to one run alone.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// How the names of all such folders begin.
    pub(crate) const PREFIX: &str = "runner-";

    pub(crate) fn new(path: &Path) -> std::io::Result<Self> {
        let folder = Self(path.to_owned());
        std::fs::create_dir(folder.working())?;
        std::fs::create_dir(folder.temporary())?;
        Ok(folder)
    }

    /// The program's working directory, unless it is given another one.
    pub(crate) fn working(&self) -> PathBuf {
        self.0.join("work")
    }

    /// Its TMPDIR.
    pub(crate) fn temporary(&self) -> PathBuf {
        self.0.join("tmp")
    }

    pub(crate) fn remove(&self) {
        _ = std::fs::remove_dir_all(&self.0);
    }
}
