//! Files as the course needs them: whole texts, sorted folders, manifests.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, Item};

use crate::error::{Error, Result};

/// The text of a file.
pub fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| Error::file("read", path, &error))
}

/// Writes a file only if its content changes, so that cargo does not rebuild for nothing.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    if fs::read(path).is_ok_and(|old| old == content.as_ref()) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, content))
        .map_err(|error| Error::file("write", path, &error))
}

/// The entries of a folder, sorted.
pub fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut entries = fs::read_dir(folder)
        .and_then(|entries| {
            entries.map(|entry| entry.map(|e| e.path())).collect::<io::Result<Vec<_>>>()
        })
        .map_err(|error| Error::file("read", folder, &error))?;
    entries.sort();
    Ok(entries)
}

/// A file's name without its last extension.
pub fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// A manifest; the error says where it is not valid TOML.
pub fn read_toml(path: &Path) -> Result<DocumentMut> {
    read(path)?.parse().map_err(|error| Error::wrong(format!("{}: {error}", path.display())))
}

/// The item under `keys`, one inside the other.
pub fn look_up<'a>(document: &'a DocumentMut, keys: &[&str]) -> Option<&'a Item> {
    keys.iter().try_fold(document.as_item(), |item, key| item.get(key))
}

/// The list of strings that `item` must be. `key` is its name in the manifest.
pub fn strings(item: Option<&Item>, manifest: &Path, key: &str) -> Result<Vec<String>> {
    item.and_then(Item::as_array)
        .and_then(|array| array.iter().map(|value| value.as_str().map(str::to_owned)).collect())
        .ok_or_else(|| {
            Error::wrong(format!("{}: {key} must be a list of strings", manifest.display()))
        })
}
