//! A scene: a row of the table in main.rs, the file behind it, and its transcripts.

pub(crate) mod table;

use std::path::{Path, PathBuf};

use self::table::Row;
use crate::error::{Error, Result};
use crate::files::stem;

/// One small program of a chapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scene {
    /// Its name.
    pub name: String,
    /// Its options with their defaults, e.g. `--workers 4`; empty if it has none.
    pub options: String,
    /// The function that plays it, e.g. `scene`.
    pub function: String,
    /// The file that holds the function.
    pub file: PathBuf,
    /// Its transcripts: `<scene>.txt` first, then `<scene>.<variant>.txt`; empty if none is written yet.
    pub transcripts: Vec<PathBuf>,
}

impl Scene {
    /// The scene of `row`, with its own ones among the chapter's `transcripts`.
    pub(crate) fn new(folder: &Path, row: Row, transcripts: &[PathBuf]) -> Self {
        let (module, function) = match row.path.rsplit_once("::") {
            Some((module, function)) => (module.replace("::", "/"), function),
            None => ("main".to_owned(), row.path.as_str()),
        };
        let mut own: Vec<PathBuf> =
            transcripts.iter().filter(|file| scene_of(file) == row.name).cloned().collect();
        own.sort_by_key(|file| stem(file).len() != row.name.len());
        Self {
            file: folder.join("src").join(module).with_extension("rs"),
            function: function.to_owned(),
            transcripts: own,
            name: row.name,
            options: row.options,
        }
    }

    /// Its own transcript, or that of its first variant; an error if there is none.
    pub fn first_transcript(&self) -> Result<&Path> {
        Ok(&self.proven()?[0])
    }

    /// Its transcripts; an error if there are none.
    pub fn proven(&self) -> Result<&[PathBuf]> {
        if self.transcripts.is_empty() {
            return Err(Error::wrong(format!(
                "the scene `{}` has no transcript yet: `cargo xtask bless --record 20` drafts one",
                self.name
            )));
        }
        Ok(&self.transcripts)
    }
}

/// The scene to which a file belongs: its name up to the first dot.
pub fn scene_of(file: &Path) -> String {
    let stem = stem(file);
    stem.split_once('.').map_or(stem.as_str(), |(scene, _)| scene).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scene_knows_its_file_and_its_transcripts() {
        let transcripts =
            ["map.txt", "more.five.txt", "more.txt", "more-tasks.txt"].map(PathBuf::from);
        let row = |name: &str, path: &str| Row {
            name: name.to_owned(),
            options: String::new(),
            path: path.to_owned(),
        };
        let scene = Scene::new(Path::new("pool"), row("more", "more::scene"), &transcripts);
        assert_eq!(scene.file, Path::new("pool/src/more.rs"));
        assert_eq!(scene.transcripts, [PathBuf::from("more.txt"), PathBuf::from("more.five.txt")]);
        assert_eq!(
            Scene::new(Path::new("pool"), row("map", "map"), &transcripts).file,
            Path::new("pool/src/main.rs")
        );
    }
}
