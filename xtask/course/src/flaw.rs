//! A flaw: a patch that breaks one scene. It can be planted in the source, and taken back.

use std::path::{Path, PathBuf};

use diffy::patch_set::{FileOperation, ParseOptions, PatchSet};
use diffy::{Patch, apply};

use crate::error::{Error, Result};
use crate::files::read;

/// `broken/<scene>.<name>.patch`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The scene that it breaks.
    pub scene: String,
    /// What is wrong, in one or two words joined by hyphens.
    pub name: String,
    /// The patch, relative to the chapter's folder.
    pub path: PathBuf,
}

/// A file that a patch changes, relative to the chapter's folder, and its new text.
pub type Change = (PathBuf, String);

impl Flaw {
    /// The files in `folder` with the flaw planted.
    ///
    /// # Errors
    ///
    /// The patch is malformed, changes nothing, or does not fit the files.
    pub fn plant(&self, folder: &Path) -> Result<Vec<Change>> {
        self.changed(folder, |text, patch| apply(text, patch).map_err(|error| error.to_string()))
    }

    /// The files in `folder` with the flaw taken back; other changes are kept.
    ///
    /// # Errors
    ///
    /// The flaw is not in the files, or the lines around it were changed.
    pub fn restore(&self, folder: &Path) -> Result<Vec<Change>> {
        self.changed(folder, |text, patch| {
            apply(text, &patch.reverse()).map_err(|error| error.to_string())
        })
    }

    fn changed(
        &self,
        folder: &Path,
        change: impl Fn(&str, &Patch<'_, str>) -> std::result::Result<String, String>,
    ) -> Result<Vec<Change>> {
        let patch = read(&self.path)?;
        let wrong = |what: String| {
            Error::wrong(format!("does not apply: {what}: bring it up to date with the source"))
        };
        let mut changes = Vec::new();
        for file in PatchSet::parse(&patch, ParseOptions::unidiff()) {
            let file = file.map_err(|error| wrong(error.to_string()))?;
            let name = match file.operation().strip_prefix(1) {
                FileOperation::Modify { original, modified } if original == modified => {
                    modified.into_owned()
                }
                FileOperation::Rename { from, to } if from == to => to.into_owned(),
                other => return Err(wrong(format!("{other:?} does not change a single file"))),
            };
            let hunks = file.patch().as_text().ok_or_else(|| wrong(format!("{name}: not text")))?;
            let text = change(&read(&folder.join(&name))?, hunks)
                .map_err(|error| wrong(format!("{name}: {error}")))?;
            changes.push((PathBuf::from(name), text));
        }
        if changes.is_empty() { Err(wrong("it changes nothing".to_owned())) } else { Ok(changes) }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;

    const PATCH: &str = "--- a/a.rs\n+++ b/a.rs\n@@ -1,3 +1,3 @@\n one\n-two\n+broken\n three\n";

    fn folder(source: &str) -> (TempDir, Flaw) {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("s.f.patch");
        fs::write(&path, PATCH).unwrap();
        fs::write(folder.path().join("a.rs"), source).unwrap();
        (folder, Flaw { scene: "s".to_owned(), name: "f".to_owned(), path })
    }

    #[test]
    fn a_flaw_goes_in_and_out() {
        let (folder, flaw) = folder("one\ntwo\nthree\n");
        let planted = flaw.plant(folder.path()).unwrap();
        assert_eq!(planted, [(PathBuf::from("a.rs"), "one\nbroken\nthree\n".to_owned())]);
        assert!(flaw.restore(folder.path()).is_err(), "it is not in yet");
        fs::write(folder.path().join("a.rs"), &planted[0].1).unwrap();
        assert!(flaw.plant(folder.path()).is_err(), "it is in already");
        assert_eq!(flaw.restore(folder.path()).unwrap()[0].1, "one\ntwo\nthree\n");
    }

    #[test]
    fn taking_it_back_keeps_other_changes() {
        let (folder, flaw) = folder("mine\none\nbroken\nthree\nmine too\n");
        assert_eq!(flaw.restore(folder.path()).unwrap()[0].1, "mine\none\ntwo\nthree\nmine too\n");
    }
}
