//! Copies of chapters, each with one flaw applied, as a workspace that one cargo call builds.
//!
//! The copies are in the target folder and are built into it, so that their dependencies are not built a second time.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use toml_edit::{ArrayOfTables, DocumentMut, Item, Value, value};

use super::artifacts::{Artifacts, Observer};
use crate::chapter::Chapter;
use crate::course::Course;
use crate::error::{Error, Result};
use crate::files::{entries, read_toml, write};
use crate::flaw::Flaw;

/// The parts of a chapter that its build does not need.
const UNBUILT: [&str; 4] = ["README.md", "transcripts", "refused", "broken"];

/// A chapter with one flaw applied.
#[derive(Debug)]
pub struct BrokenCopy<'a> {
    /// The chapter that was copied.
    pub chapter: &'a Chapter,
    /// The flaw that is in the copy.
    pub flaw: Flaw,
    /// The name of its package: two packages of a workspace cannot share a name.
    package: String,
    folder: PathBuf,
}

impl<'a> BrokenCopy<'a> {
    /// Chooses names for the copy; [`prepare`] makes it.
    pub fn new(course: &Course, chapter: &'a Chapter, flaw: Flaw) -> Self {
        let package = format!("broken-{}-{}-{}", chapter.name, flaw.scene, flaw.name);
        let folder = home(course).join(&package);
        Self { chapter, flaw, package, folder }
    }

    /// The binary, which has the same name as the chapter's own.
    pub fn binary(&self) -> PathBuf {
        self.folder.join("bin").join(&self.chapter.package)
    }

    /// Writes the chapter with the flaw in it.
    fn write(&self) -> Result<()> {
        copy(&self.chapter.folder, &self.folder, &UNBUILT)?;
        let mut manifest = read_toml(&self.chapter.folder.join("Cargo.toml"))?;
        manifest["package"]["name"] = value(self.package.as_str());
        write(&self.folder.join("Cargo.toml"), manifest.to_string())?;
        for (file, text) in self.flaw.plant(&self.chapter.folder)? {
            write(&self.folder.join(file), text)?;
        }
        Ok(())
    }

    /// Links the binary that cargo built to the path of [`BrokenCopy::binary`].
    fn name_binary(&self, built: &Path) -> Result<()> {
        let binary = self.binary();
        let folder = self.folder.join("bin");
        _ = fs::remove_file(&binary);
        fs::create_dir_all(folder)
            .and_then(|()| fs::hard_link(built, &binary))
            .map_err(|error| Error::file("link", &binary, &error))
    }
}

/// Reserves the copies: until the file is dropped, another audit that builds into the same folder waits.
pub fn reserve(course: &Course) -> Result<File> {
    let path = home(course).join("lock");
    fs::create_dir_all(home(course))
        .and_then(|()| File::create(&path))
        .and_then(|file| file.lock().map(|()| file))
        .map_err(|error| Error::file("lock", &path, &error))
}

/// Writes and builds all copies. If a copy cannot be used, its entry gives the reason.
pub fn prepare(
    course: &Course,
    copies: &[BrokenCopy<'_>],
    observer: &dyn Observer,
) -> Result<Vec<Option<String>>> {
    let mut faults: Vec<Option<String>> =
        copies.iter().map(|copy| copy.write().err().map(|error| error.to_string())).collect();
    let usable: Vec<&BrokenCopy<'_>> = copies
        .iter()
        .zip(&faults)
        .filter(|(_, fault)| fault.is_none())
        .map(|(copy, _)| copy)
        .collect();
    let artifacts = build(course, &usable, observer)?;
    for (copy, fault) in copies.iter().zip(&mut faults).filter(|(_, fault)| fault.is_none()) {
        match artifacts.executable(&copy.package) {
            Ok(built) => copy.name_binary(built)?,
            Err(errors) => *fault = Some(format!("does not compile:\n{}", errors.trim_end())),
        }
    }
    Ok(faults)
}

fn build(
    course: &Course,
    copies: &[&BrokenCopy<'_>],
    observer: &dyn Observer,
) -> Result<Artifacts> {
    let manifest = home(course).join("Cargo.toml");
    write(&manifest, root_manifest(course, copies)?.to_string())?;
    if let Some(lock) = lock(course, copies)? {
        write(&home(course).join("Cargo.lock"), lock.to_string())?;
    }
    let packages: Vec<&str> = copies.iter().map(|copy| copy.package.as_str()).collect();
    Artifacts::build(course, &manifest, &packages, &[], observer)
}

/// The course's own root manifest, with the copies as its members.
fn root_manifest(course: &Course, copies: &[&BrokenCopy<'_>]) -> Result<DocumentMut> {
    let mut manifest = read_toml(&course.root.join("Cargo.toml"))?;
    let members: toml_edit::Array = copies.iter().map(|copy| copy.package.as_str()).collect();
    if let Some(table) = manifest["workspace"].as_table_like_mut() {
        table.remove("metadata");
        table.remove("exclude");
        table.insert("members", value(members));
    }
    let dependencies =
        manifest["workspace"].get_mut("dependencies").and_then(Item::as_table_like_mut);
    for (_, dependency) in dependencies.into_iter().flat_map(|table| table.iter_mut()) {
        if let Some(path) = dependency.get("path").and_then(Item::as_str) {
            let path = course.root.join(path).to_string_lossy().into_owned();
            dependency["path"] = value(path);
        }
    }
    name_copies_in_profiles(&mut manifest, course, copies);
    Ok(manifest)
}

/// What a profile says about a chapter holds for its copies: a flaw is built as the chapter is.
fn name_copies_in_profiles(
    manifest: &mut DocumentMut,
    course: &Course,
    copies: &[&BrokenCopy<'_>],
) {
    let profiles = manifest.get_mut("profile").and_then(Item::as_table_like_mut);
    for (_, profile) in profiles.into_iter().flat_map(|profiles| profiles.iter_mut()) {
        let Some(packages) = profile.get_mut("package").and_then(Item::as_table_like_mut) else {
            continue;
        };
        for chapter in &course.chapters {
            let Some(settings) = packages.remove(&chapter.package) else { continue };
            let of_chapter = |copy: &&&BrokenCopy<'_>| copy.chapter.package == chapter.package;
            for copy in copies.iter().filter(of_chapter) {
                packages.insert(&copy.package, settings.clone());
            }
        }
    }
}

/// The course's own lock file with an entry for each copy, so that cargo asks no registry.
fn lock(course: &Course, copies: &[&BrokenCopy<'_>]) -> Result<Option<DocumentMut>> {
    let path = course.root.join("Cargo.lock");
    if !path.is_file() {
        return Ok(None);
    }
    let mut lock = read_toml(&path)?;
    if let Some(packages) = lock.get_mut("package").and_then(Item::as_array_of_tables_mut) {
        let added: ArrayOfTables =
            copies.iter().filter_map(|copy| locked(packages, copy)).collect();
        packages.extend(added);
    }
    Ok(Some(lock))
}

/// The chapter's entry under the copy's name.
fn locked(packages: &ArrayOfTables, copy: &BrokenCopy<'_>) -> Option<toml_edit::Table> {
    let is_chapter = |name: &Value| name.as_str() == Some(&copy.chapter.package);
    let mut entry =
        packages.iter().find(|entry| entry["name"].as_value().is_some_and(is_chapter))?.clone();
    entry["name"] = value(copy.package.as_str());
    entry.set_position(None);
    Some(entry)
}

/// Copies a folder, except `without`.
fn copy(from: &Path, to: &Path, without: &[&str]) -> Result<()> {
    for entry in entries(from)? {
        let name = entry.file_name().unwrap_or_default();
        if without.iter().any(|left_out| name == *left_out) || name == "Cargo.toml" {
            continue;
        }
        if entry.is_dir() {
            copy(&entry, &to.join(name), &[])?;
        } else {
            let bytes = fs::read(&entry).map_err(|error| Error::file("read", &entry, &error))?;
            write(&to.join(name), bytes)?;
        }
    }
    Ok(())
}

fn home(course: &Course) -> PathBuf {
    course.target().join("xtask/broken")
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    #[test]
    fn a_copy_has_the_profile_of_its_chapter() {
        let folder = TempDir::new().unwrap();
        let add = |path: &str, text: &str| write(&folder.path().join(path), text).unwrap();
        add(
            "Cargo.toml",
            "[workspace.metadata.lessons]\nparts = [{ title = \"P\", chapters = [\"fork\", \"pool\"] }]\n\
             [profile.dev.package.lesson-fork]\nopt-level = 1\n\
             [profile.dev.package.lesson-pool]\nopt-level = 3\n\
             [profile.dev.package.nix]\nopt-level = 2\n",
        );
        for name in ["fork", "pool"] {
            add(
                &format!("lessons/{name}/Cargo.toml"),
                &format!(
                    "[package]\nname = \"lesson-{name}\"\n\
                     [package.metadata.lesson]\nquestion = \"Q?\"\nminutes = 1\nneeds = []\n"
                ),
            );
            add(&format!("lessons/{name}/src/main.rs"), "lesson::run(&[(\"map\", map)])");
        }
        add("lessons/pool/broken/map.late.patch", "");
        let course = Course::around(folder.path()).unwrap();
        let pool = &course.chapters[1];
        let copy = BrokenCopy::new(&course, pool, pool.flaws().unwrap().remove(0));

        let manifest = root_manifest(&course, &[&copy]).unwrap();
        let packages = manifest["profile"]["dev"]["package"].as_table_like().unwrap();
        let levels: Vec<_> = packages
            .iter()
            .map(|(name, settings)| (name, settings["opt-level"].as_integer().unwrap()))
            .collect();
        assert_eq!(levels, [("nix", 2), ("broken-pool-map-late", 3)]);
    }
}
