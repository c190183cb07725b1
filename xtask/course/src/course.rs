//! Finds the course and its chapters.
//!
//! Reads only manifests and folders, and does not call cargo, so that every command starts at once.

use std::env;
use std::path::{Path, PathBuf};

use transcript::Transcript;

use crate::chapter::Chapter;
use crate::error::{Error, Result};
use crate::files::{entries, look_up, read, read_toml, stem, strings};

/// The course, in reading order.
#[derive(Debug)]
pub struct Course {
    /// The folder with the root manifest.
    pub root: PathBuf,
    /// The chapters, in reading order.
    pub chapters: Vec<Chapter>,
}

impl Course {
    /// The course that holds the current directory.
    pub fn find() -> Result<Self> {
        let here =
            env::current_dir().map_err(|error| Error::file("find", Path::new("."), &error))?;
        Self::around(&here)
    }

    /// The course that holds `folder`: its root, or any folder below.
    pub fn around(folder: &Path) -> Result<Self> {
        for root in folder.ancestors() {
            let manifest = root.join("Cargo.toml");
            if !manifest.is_file() {
                continue;
            }
            let document = read_toml(&manifest)?;
            if let Some(lessons) = look_up(&document, &["workspace", "metadata", "lessons"]) {
                return Self::load(root, strings(lessons.get("order"), &manifest, "order")?);
            }
        }
        Err(Error::wrong(format!(
            "no course around {}: no Cargo.toml there or above has [workspace.metadata.lessons]; go to the course's folder",
            folder.display()
        )))
    }

    fn load(root: &Path, order: Vec<String>) -> Result<Self> {
        let lessons = root.join("lessons");
        for folder in entries(&lessons)?.into_iter().filter(|entry| entry.is_dir()) {
            let name = stem(&folder);
            if !order.contains(&name) {
                return Err(Error::wrong(format!(
                    "lessons/{name} has no place in the reading order: \
                     add \"{name}\" to order in [workspace.metadata.lessons] of Cargo.toml"
                )));
            }
        }
        let chapters =
            order.into_iter().map(|name| Chapter::load(&lessons, name)).collect::<Result<_>>()?;
        Ok(Self { root: root.to_owned(), chapters })
    }

    /// The target folder, where cargo builds and xtask keeps its cache.
    pub fn target(&self) -> PathBuf {
        env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| self.root.join("target"), |folder| self.root.join(folder))
    }

    /// `path` as messages show it: relative to the root.
    pub fn display<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }

    /// The transcript in `path`.
    pub fn transcript(&self, path: &Path) -> Result<Transcript> {
        Transcript::parse(&self.display(path).to_string(), &read(path)?)
            .map_err(|error| Error::wrong(error.to_string()))
    }
}
