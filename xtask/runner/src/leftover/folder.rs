//! Files in the folders that belong only to the run.

use std::fs;
use std::path::PathBuf;

use super::{Detector, Leftover};
use crate::folder::Folder;

/// A folder that was empty before the run.
struct Own {
    path: PathBuf,
    name: &'static str,
}

pub(super) fn temporary(folder: &Folder) -> Box<dyn Detector> {
    Box::new(Own { path: folder.temporary(), name: "temporary folder" })
}

pub(super) fn working(folder: &Folder) -> Box<dyn Detector> {
    Box::new(Own { path: folder.working(), name: "working directory" })
}

impl Detector for Own {
    fn found(&self) -> Vec<Leftover> {
        let entries = fs::read_dir(&self.path).into_iter().flatten().flatten();
        let mut names: Vec<String> =
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        let leftover = |name| Leftover::Entry { folder: self.name.to_owned(), name };
        names.into_iter().map(leftover).collect()
    }
}
