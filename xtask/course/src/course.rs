//! Finds the course and its chapters.
//!
//! Reads only manifests and folders, and does not call cargo, so that every command starts at once.

use std::env;
use std::path::{Path, PathBuf};

use toml_edit::{Item, Value};
use transcript::Transcript;

use crate::chapter::Chapter;
use crate::error::{Error, Result};
use crate::files::{entries, look_up, read, read_toml, stem};

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
                return Self::load(root, parts(lessons.get("parts"), &manifest)?);
            }
        }
        Err(Error::wrong(format!(
            "no course around {}: no Cargo.toml there or above has [workspace.metadata.lessons]; \
             go to the course's folder",
            folder.display()
        )))
    }

    fn load(root: &Path, parts: Vec<(String, Vec<String>)>) -> Result<Self> {
        let lessons = root.join("lessons");
        let mut chapters: Vec<Chapter> = Vec::new();
        for (part, names) in parts {
            for name in names {
                if chapters.iter().any(|chapter| chapter.name == name) {
                    return Err(Error::wrong(format!(
                        "the reading order names {name} twice: \
                         remove one of the two from [workspace.metadata.lessons] of Cargo.toml"
                    )));
                }
                chapters.push(Chapter::load(&lessons, name, part.clone())?);
            }
        }
        for folder in entries(&lessons)?.into_iter().filter(|entry| entry.is_dir()) {
            let name = stem(&folder);
            if !chapters.iter().any(|chapter| chapter.name == name) {
                return Err(Error::wrong(format!(
                    "lessons/{name} has no place in the reading order: \
                     add \"{name}\" to a part in [workspace.metadata.lessons] of Cargo.toml"
                )));
            }
        }
        Ok(Self { root: root.to_owned(), chapters })
    }

    /// The chapters of each part, in reading order.
    pub fn parts(&self) -> impl Iterator<Item = &[Chapter]> {
        self.chapters.chunk_by(|chapter, next| chapter.part == next.part)
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

/// The title of each part, and the names of its chapters, from the root manifest.
fn parts(item: Option<&Item>, manifest: &Path) -> Result<Vec<(String, Vec<String>)>> {
    let part = |value: &Value| {
        let part = value.as_inline_table()?;
        let title = part.get("title")?.as_str()?;
        let names = part.get("chapters")?.as_array()?.iter();
        let names = names.map(|name| name.as_str().map(str::to_owned)).collect::<Option<_>>()?;
        let fits_a_table = !title.is_empty() && !title.contains(['|', '\n']);
        fits_a_table.then(|| (title.to_owned(), names))
    };
    let parts = item.and_then(Item::as_array);
    parts.and_then(|parts| parts.iter().map(part).collect()).ok_or_else(|| {
        Error::wrong(format!(
            "{}: parts in [workspace.metadata.lessons] must be a list of \
             {{ title = \"...\", chapters = [\"...\"] }}; a title is one line without `|`",
            manifest.display()
        ))
    })
}
