//! A chapter: a folder of `lessons`, which holds a binary crate, its text, and the files that prove it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use toml_edit::Item;

use crate::error::{Error, Result};
use crate::files::{entries, look_up, read, read_toml, stem, strings};
use crate::flaw::Flaw;
use crate::ratio::Ratio;
use crate::scene::Scene;
use crate::scene::table::rows;

/// One folder of `lessons`: a binary crate, its text, and the files that prove it.
#[derive(Debug, Clone)]
pub struct Chapter {
    /// The name of its folder.
    pub name: String,
    /// `lesson-<name>`: the name of the package and of its binary.
    pub package: String,
    /// The title of the part of the course to which it belongs.
    pub part: String,
    /// Its folder.
    pub folder: PathBuf,
    /// The question that the chapter answers, in one sentence.
    pub question: String,
    /// How many minutes a reader needs.
    pub minutes: u32,
    /// What the machine must have, as names that `doctor` knows.
    pub needs: Vec<String>,
    /// How long one run of a scene may take, in real time at speed 20.
    pub deadline: Duration,
    /// The files of whose code every schedule is explored.
    pub explored: Vec<PathBuf>,
    /// The transcripts whose order no director can choose, by name, each with the reason.
    pub undirected: BTreeMap<String, String>,
    /// What its text claims about speed and memory.
    pub ratios: Vec<Ratio>,
}

impl Chapter {
    pub(crate) fn load(lessons: &Path, name: String, part: String) -> Result<Self> {
        let folder = lessons.join(&name);
        let manifest = folder.join("Cargo.toml");
        if !manifest.is_file() {
            return Err(Error::wrong(format!(
                "the reading order names {name}, but lessons/{name}/Cargo.toml does not exist: \
                 remove the name from [workspace.metadata.lessons] or write the chapter"
            )));
        }
        let document = read_toml(&manifest)?;
        let wrong = |what: &str| {
            Error::wrong(format!("{}: [package.metadata.lesson] {what}", manifest.display()))
        };
        let package = format!("lesson-{name}");
        let called = look_up(&document, &["package", "name"]);
        if called.and_then(Item::as_str) != Some(&package) {
            let manifest = manifest.display();
            return Err(Error::wrong(format!(
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
        let explored = match lesson.get("explored") {
            None => Vec::new(),
            list => strings(list, &manifest, "explored")?,
        };
        if let Some(file) = explored.iter().find(|file| !is_source(file)) {
            return Err(wrong(&format!(
                "explored has {file:?}: name a Rust file of this chapter, such as \"src/mutex.rs\""
            )));
        }
        let undirected = match lesson.get("undirected") {
            None => BTreeMap::new(),
            Some(item) => undirected(item).ok_or_else(|| {
                wrong("needs undirected = a table of reasons, such as cost = \"it measures time\"")
            })?,
        };
        Ok(Self {
            undirected,
            explored: explored.iter().map(|file| folder.join(file)).collect(),
            package,
            part,
            question: question.to_owned(),
            minutes,
            ratios: Ratio::list(lesson.get("ratios")).map_err(|what| wrong(&what))?,
            needs: strings(lesson.get("needs"), &manifest, "needs")?,
            deadline: Duration::from_secs(deadline.into()),
            folder,
            name,
        })
    }

    /// The file of its text.
    pub fn readme(&self) -> PathBuf {
        self.folder.join("README.md")
    }

    /// The file with the table of scenes.
    pub fn main(&self) -> PathBuf {
        self.folder.join("src/main.rs")
    }

    /// The scenes in the order of the table in main.rs, each with its transcripts.
    pub fn scenes(&self) -> Result<Vec<Scene>> {
        let main = self.main();
        let table = rows(&read(&main)?)
            .map_err(|what| Error::wrong(format!("{}: {what}", main.display())))?;
        let transcripts = self.transcripts()?;
        Ok(table.into_iter().map(|row| Scene::new(&self.folder, row, &transcripts)).collect())
    }

    /// Every transcript of the chapter, even if its scene does not exist.
    pub fn transcripts(&self) -> Result<Vec<PathBuf>> {
        self.files("transcripts", "txt")
    }

    /// Snippets that the compiler must refuse.
    pub fn refused(&self) -> Result<Vec<PathBuf>> {
        self.files("refused", "rs")
    }

    /// The flaws that can be planted.
    pub fn flaws(&self) -> Result<Vec<Flaw>> {
        let named = |path: PathBuf| match stem(&path).split_once('.') {
            Some((scene, name)) => {
                Ok(Flaw { scene: scene.to_owned(), name: name.to_owned(), path })
            }
            None => Err(Error::wrong(format!(
                "{}: a flaw's file is called <scene>.<flaw>.patch",
                path.display()
            ))),
        };
        self.files("broken", "patch")?.into_iter().map(named).collect()
    }

    /// The flaws that break this scene.
    pub fn flaws_of(&self, scene: &Scene) -> Result<Vec<Flaw>> {
        let mut flaws = self.flaws()?;
        flaws.retain(|flaw| flaw.scene == scene.name);
        Ok(flaws)
    }

    /// The flaw of this scene that is called `name`.
    pub fn flaw(&self, scene: &Scene, name: &str) -> Result<Flaw> {
        let mut flaws = self.flaws_of(scene)?;
        match flaws.iter().position(|flaw| flaw.name == name) {
            Some(index) => Ok(flaws.swap_remove(index)),
            None => {
                let kind = format!("flaw of {}/{}", self.name, scene.name);
                Err(Error::unknown(&kind, name, flaws.iter().map(|flaw| flaw.name.as_str())))
            }
        }
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

/// A table of reasons; none may be empty.
fn undirected(item: &Item) -> Option<BTreeMap<String, String>> {
    let reason = |(name, item): (&str, &Item)| {
        let reason = item.as_str().map(str::trim).filter(|reason| !reason.is_empty())?;
        Some((name.to_owned(), reason.to_owned()))
    };
    item.as_table_like()?.iter().map(reason).collect()
}

/// Whether `path` can only be a Rust file in the folder src.
fn is_source(path: &str) -> bool {
    let mut parts = path.split('/');
    parts.next() == Some("src")
        && path.ends_with(".rs")
        && parts.all(|part| !["", ".", "..", ".rs"].contains(&part))
}
