//! Copies of chapters, each with one flaw applied, as a workspace that one cargo call builds.
//!
//! The copies stand under the target folder and build into it, so that nothing
//! they depend on is built a second time.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use diffy::apply;
use diffy::patch_set::{FileOperation, ParseOptions, PatchSet};
use toml_edit::{ArrayOfTables, DocumentMut, Item, Value, value};

use crate::answer::{Error, Result};
use crate::artifacts::Artifacts;
use crate::runner::Runner;
use crate::workspace::{Chapter, Flaw, Workspace, entries, read, read_toml, write};

/// What of a chapter does not take part in its build.
const UNBUILT: [&str; 4] = ["README.md", "transcripts", "refused", "broken"];

/// A chapter with one flaw applied.
#[derive(Debug)]
pub(crate) struct Copy<'a> {
    pub(crate) chapter: &'a Chapter,
    pub(crate) flaw: Flaw,
    /// No two packages of a workspace may share a name.
    package: String,
    folder: PathBuf,
}

impl<'a> Copy<'a> {
    pub(crate) fn new(workspace: &Workspace, chapter: &'a Chapter, flaw: Flaw) -> Self {
        let package = format!("broken-{}-{}-{}", chapter.name, flaw.scene, flaw.name);
        let folder = home(workspace).join(&package);
        Self { chapter, flaw, package, folder }
    }

    /// The binary, under the name that the chapter's own has.
    pub(crate) fn binary(&self) -> PathBuf {
        self.folder.join("bin").join(&self.chapter.package)
    }

    /// Writes the chapter with the flaw in it.
    fn write(&self) -> Result<()> {
        copy(&self.chapter.folder, &self.folder, &UNBUILT)?;
        let mut manifest = read_toml(&self.chapter.folder.join("Cargo.toml"))?;
        manifest["package"]["name"] = value(self.package.as_str());
        write(&self.folder.join("Cargo.toml"), manifest.to_string())?;
        for (file, text) in patched(&self.chapter.folder, &read(&self.flaw.path)?)? {
            write(&self.folder.join(file), text)?;
        }
        Ok(())
    }

    /// Puts what cargo has built where [`Copy::binary`] looks for it.
    fn name_binary(&self, built: &Path) -> Result<()> {
        let binary = self.binary();
        let folder = self.folder.join("bin");
        _ = fs::remove_file(&binary);
        fs::create_dir_all(folder)
            .and_then(|()| fs::hard_link(built, &binary))
            .map_err(|error| Error::file("link", &binary, &error))
    }
}

/// The right to use the copies: until it is dropped, another audit that builds into the same folder waits.
pub(crate) fn reserve(workspace: &Workspace) -> Result<File> {
    let path = home(workspace).join("lock");
    fs::create_dir_all(home(workspace))
        .and_then(|()| File::create(&path))
        .and_then(|file| file.lock().map(|()| file))
        .map_err(|error| Error::file("lock", &path, &error))
}

/// Writes and builds all copies; for each the reason why it cannot be used, if there is one.
pub(crate) fn prepare(
    runner: &Runner,
    workspace: &Workspace,
    copies: &[Copy<'_>],
) -> Result<Vec<Option<String>>> {
    let mut faults: Vec<Option<String>> =
        copies.iter().map(|copy| copy.write().err().map(|error| error.to_string())).collect();
    let usable: Vec<&Copy<'_>> = copies
        .iter()
        .zip(&faults)
        .filter(|(_, fault)| fault.is_none())
        .map(|(copy, _)| copy)
        .collect();
    let artifacts = build(runner, workspace, &usable)?;
    for (copy, fault) in copies.iter().zip(&mut faults).filter(|(_, fault)| fault.is_none()) {
        match artifacts.executable(&copy.package) {
            Ok(built) => copy.name_binary(built)?,
            Err(errors) => *fault = Some(format!("does not compile:\n{}", errors.trim_end())),
        }
    }
    Ok(faults)
}

fn build(runner: &Runner, workspace: &Workspace, copies: &[&Copy<'_>]) -> Result<Artifacts> {
    let manifest = home(workspace).join("Cargo.toml");
    write(&manifest, root_manifest(workspace, copies)?.to_string())?;
    if let Some(lock) = lock(workspace, copies)? {
        write(&home(workspace).join("Cargo.lock"), lock.to_string())?;
    }
    let packages: Vec<&str> = copies.iter().map(|copy| copy.package.as_str()).collect();
    Artifacts::build(runner, workspace, &manifest, &packages)
}

/// The course's own root manifest, with the copies as its members.
fn root_manifest(workspace: &Workspace, copies: &[&Copy<'_>]) -> Result<DocumentMut> {
    let mut manifest = read_toml(&workspace.root.join("Cargo.toml"))?;
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
            let path = workspace.root.join(path).to_string_lossy().into_owned();
            dependency["path"] = value(path);
        }
    }
    Ok(manifest)
}

/// The course's own lock file with an entry for each copy, so that cargo asks no registry.
fn lock(workspace: &Workspace, copies: &[&Copy<'_>]) -> Result<Option<DocumentMut>> {
    let path = workspace.root.join("Cargo.lock");
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
fn locked(packages: &ArrayOfTables, copy: &Copy<'_>) -> Option<toml_edit::Table> {
    let is_chapter = |name: &Value| name.as_str() == Some(&copy.chapter.package);
    let mut entry =
        packages.iter().find(|entry| entry["name"].as_value().is_some_and(is_chapter))?.clone();
    entry["name"] = value(copy.package.as_str());
    entry.set_position(None);
    Some(entry)
}

/// What `patch` makes of the files in `folder`: each changed file with its new text.
fn patched(folder: &Path, patch: &str) -> Result<Vec<(PathBuf, String)>> {
    let wrong = |what: String| {
        Error::Question(format!("does not apply: {what}: bring it up to date with the source"))
    };
    let mut texts = Vec::new();
    for file in PatchSet::parse(patch, ParseOptions::unidiff()) {
        let file = file.map_err(|error| wrong(error.to_string()))?;
        let name = match file.operation().strip_prefix(1) {
            FileOperation::Modify { original, modified } if original == modified => {
                modified.into_owned()
            }
            FileOperation::Rename { from, to } if from == to => to.into_owned(),
            other => return Err(wrong(format!("{other:?} is no change of one file"))),
        };
        let hunks = file.patch().as_text().ok_or_else(|| wrong(format!("{name}: not text")))?;
        let text = apply(&read(&folder.join(&name))?, hunks)
            .map_err(|error| wrong(format!("{name}: {error}")))?;
        texts.push((PathBuf::from(name), text));
    }
    if texts.is_empty() { Err(wrong("it changes nothing".to_owned())) } else { Ok(texts) }
}

/// Copies all of a folder but `without`.
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

fn home(workspace: &Workspace) -> PathBuf {
    workspace.target().join("xtask/broken")
}
