//! Where the chapters are, and what stands in each.
//!
//! Reads manifests and folders only: no call of cargo, so that every command starts at once.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use toml_edit::{DocumentMut, Item};
use transcript::Transcript;

use crate::answer::{Error, Result};
use crate::scene::{self, Scene};

/// The course, in reading order.
#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    pub(crate) chapters: Vec<Chapter>,
}

/// One folder of `lessons`: a binary crate, its text, and what proves it.
#[derive(Debug, Clone)]
pub(crate) struct Chapter {
    pub(crate) name: String,
    /// `lesson-<name>`: the package, and the binary that cargo makes of it.
    pub(crate) package: String,
    pub(crate) folder: PathBuf,
    /// What the chapter answers, in one sentence.
    pub(crate) question: String,
    /// How long a reader needs.
    pub(crate) minutes: u32,
    /// What the machine must have, in the words that `doctor` knows.
    pub(crate) needs: Vec<String>,
    /// How long one run of a scene may take in real time at speed 20.
    pub(crate) deadline: Duration,
}

/// A planted flaw: `broken/<scene>.<name>.patch`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flaw {
    pub(crate) scene: String,
    pub(crate) name: String,
    pub(crate) path: PathBuf,
}

impl Workspace {
    /// The workspace that holds the current directory.
    pub(crate) fn find() -> Result<Self> {
        let here =
            env::current_dir().map_err(|error| Error::file("find", Path::new("."), &error))?;
        for folder in here.ancestors() {
            let manifest = folder.join("Cargo.toml");
            if !manifest.is_file() {
                continue;
            }
            let document = read_toml(&manifest)?;
            if let Some(lessons) = look_up(&document, &["workspace", "metadata", "lessons"]) {
                return Self::load(folder, strings(lessons.get("order"), &manifest, "order")?);
            }
        }
        Err(Error::Question(format!(
            "no course around {}: no Cargo.toml there or above has [workspace.metadata.lessons]; go to the course's folder",
            here.display()
        )))
    }

    fn load(root: &Path, order: Vec<String>) -> Result<Self> {
        let lessons = root.join("lessons");
        for folder in entries(&lessons)?.into_iter().filter(|entry| entry.is_dir()) {
            let name = stem(&folder);
            if !order.contains(&name) {
                return Err(Error::Question(format!(
                    "lessons/{name} has no place in the reading order: \
                     add \"{name}\" to order in [workspace.metadata.lessons] of Cargo.toml"
                )));
            }
        }
        let chapters =
            order.into_iter().map(|name| Chapter::load(&lessons, name)).collect::<Result<_>>()?;
        Ok(Self { root: root.to_owned(), chapters })
    }

    /// Where cargo builds, and where xtask keeps what it can make again.
    pub(crate) fn target(&self) -> PathBuf {
        env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| self.root.join("target"), |folder| self.root.join(folder))
    }

    /// `path` as messages name it: from the root on.
    pub(crate) fn display<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }

    /// The transcript in `path`.
    pub(crate) fn transcript(&self, path: &Path) -> Result<Transcript> {
        read_transcript(path, &self.display(path).to_string())
    }
}

impl Chapter {
    fn load(lessons: &Path, name: String) -> Result<Self> {
        let folder = lessons.join(&name);
        let manifest = folder.join("Cargo.toml");
        if !manifest.is_file() {
            return Err(Error::Question(format!(
                "the reading order names {name}, but lessons/{name}/Cargo.toml does not exist: \
                 remove the name from [workspace.metadata.lessons] or write the chapter"
            )));
        }
        let document = read_toml(&manifest)?;
        let wrong = |what: &str| {
            Error::Question(format!("{}: [package.metadata.lesson] {what}", manifest.display()))
        };
        let package = format!("lesson-{name}");
        let called = look_up(&document, &["package", "name"]);
        if called.and_then(Item::as_str) != Some(&package) {
            let manifest = manifest.display();
            return Err(Error::Question(format!(
                "{manifest}: the package of lessons/{name} must be called {package}"
            )));
        }
        let lesson = look_up(&document, &["package", "metadata", "lesson"])
            .ok_or_else(|| wrong("is missing"))?;
        let question = lesson
            .get("question")
            .and_then(Item::as_str)
            .ok_or_else(|| wrong("needs question = \"...?\""))?;
        let minutes = lesson
            .get("minutes")
            .and_then(Item::as_integer)
            .and_then(|minutes| u32::try_from(minutes).ok())
            .ok_or_else(|| wrong("needs minutes = a whole number"))?;
        let deadline = match lesson.get("deadline") {
            None => 10,
            Some(item) => item
                .as_integer()
                .and_then(|seconds| u32::try_from(seconds).ok())
                .filter(|seconds| *seconds > 0)
                .ok_or_else(|| wrong("needs deadline = a whole number of seconds, from 1"))?,
        };
        Ok(Self {
            package,
            question: question.to_owned(),
            minutes,
            needs: strings(lesson.get("needs"), &manifest, "needs")?,
            deadline: Duration::from_secs(deadline.into()),
            folder,
            name,
        })
    }

    pub(crate) fn readme(&self) -> PathBuf {
        self.folder.join("README.md")
    }

    pub(crate) fn main(&self) -> PathBuf {
        self.folder.join("src/main.rs")
    }

    /// The scenes in the order of the table in main.rs, each with its transcripts.
    pub(crate) fn scenes(&self) -> Result<Vec<Scene>> {
        let main = self.main();
        let table = scene::table(&read(&main)?)
            .map_err(|what| Error::Question(format!("{}: {what}", main.display())))?;
        let transcripts = self.transcripts()?;
        Ok(table.into_iter().map(|row| Scene::new(&self.folder, row, &transcripts)).collect())
    }

    /// Every transcript of the chapter, whether its scene exists or not.
    pub(crate) fn transcripts(&self) -> Result<Vec<PathBuf>> {
        self.files("transcripts", "txt")
    }

    /// Snippets that the compiler must refuse.
    pub(crate) fn refused(&self) -> Result<Vec<PathBuf>> {
        self.files("refused", "rs")
    }

    /// The flaws planted on purpose.
    pub(crate) fn flaws(&self) -> Result<Vec<Flaw>> {
        let named = |path: PathBuf| match stem(&path).split_once('.') {
            Some((scene, name)) => {
                Ok(Flaw { scene: scene.to_owned(), name: name.to_owned(), path })
            }
            None => Err(Error::Question(format!(
                "{}: a flaw's file is called <scene>.<flaw>.patch",
                path.display()
            ))),
        };
        self.files("broken", "patch")?.into_iter().map(named).collect()
    }

    fn files(&self, folder: &str, extension: &str) -> Result<Vec<PathBuf>> {
        let folder = self.folder.join(folder);
        if !folder.exists() {
            return Ok(Vec::new());
        }
        let mut files = entries(&folder)?;
        files.retain(|file| file.extension().is_some_and(|e| e == extension));
        Ok(files)
    }
}

/// The text of a file.
pub(crate) fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| Error::file("read", path, &error))
}

/// The transcript in a file that messages call `name`.
pub(crate) fn read_transcript(path: &Path, name: &str) -> Result<Transcript> {
    Transcript::parse(name, &read(path)?).map_err(|error| Error::Question(error.to_string()))
}

/// Writes only what changes, so that cargo sees no newer file where nothing is new.
pub(crate) fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    if fs::read(path).is_ok_and(|old| old == content.as_ref()) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, content))
        .map_err(|error| Error::file("write", path, &error))
}

/// What a folder holds, sorted.
pub(crate) fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut entries = fs::read_dir(folder)
        .and_then(|entries| {
            entries.map(|entry| entry.map(|e| e.path())).collect::<io::Result<Vec<_>>>()
        })
        .map_err(|error| Error::file("read", folder, &error))?;
    entries.sort();
    Ok(entries)
}

/// A file's name without its last extension.
pub(crate) fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// A manifest, or where it is no TOML.
pub(crate) fn read_toml(path: &Path) -> Result<DocumentMut> {
    read(path)?.parse().map_err(|error| Error::Question(format!("{}: {error}", path.display())))
}

/// The item that stands under `keys`, one inside the other.
pub(crate) fn look_up<'a>(document: &'a DocumentMut, keys: &[&str]) -> Option<&'a Item> {
    keys.iter().try_fold(document.as_item(), |item, key| item.get(key))
}

/// The list of strings that `item` must be; `key` is what the manifest calls it.
pub(crate) fn strings(item: Option<&Item>, manifest: &Path, key: &str) -> Result<Vec<String>> {
    item.and_then(Item::as_array)
        .and_then(|array| array.iter().map(|value| value.as_str().map(str::to_owned)).collect())
        .ok_or_else(|| {
            Error::Question(format!("{}: {key} must be a list of strings", manifest.display()))
        })
}
