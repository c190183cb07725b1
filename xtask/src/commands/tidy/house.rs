//! The rules for files and packages: lengths, dependencies, lints, folders, links.

use std::path::{Path, PathBuf};

use course::files::{entries, look_up, read, read_toml, strings};
use course::{Chapter, Course};
use toml_edit::{DocumentMut, Item};

use super::finding::{Findings, line_where};
use super::links;
use super::outline::Outline;
use crate::exit::Result;

/// The folders at the top level. Everything else must be inside one of them.
const TOP_LEVEL: [&str; 3] = ["lessons", "shared", "xtask"];

/// The folders of the packages, apart from the lessons, whose files must be short enough to read.
const PACKAGES: [&str; 10] = [
    "shared",
    "xtask",
    "xtask/bench",
    "xtask/bench/programs",
    "xtask/course",
    "xtask/explorer",
    "xtask/explorer/peers",
    "xtask/orders",
    "xtask/runner",
    "xtask/transcript",
];

/// The names of our packages, apart from the lessons.
const OURS: [&str; 9] = [
    "shared",
    "xtask",
    "bench",
    "programs",
    "course",
    "explorer",
    "orders",
    "runner",
    "transcript",
];

/// The most lines of a file.
const MAIN: usize = 60;
const SCENE: usize = 80;
const MODULE: usize = 380;

/// The most columns of a comment. rustfmt breaks lines of code, and leaves comments as they are.
const COLUMNS: usize = 120;

pub(crate) fn check(findings: &mut Findings<'_>, course: &Course) -> Result<()> {
    top_level(findings, course)?;
    for folder in PACKAGES {
        for file in sources(&course.root.join(folder).join("src"))? {
            size(findings, &file, MODULE)?;
        }
        for file in sources(&course.root.join(folder).join("tests"))? {
            comments(findings, &file, &read(&file)?);
        }
    }
    let lessons = course.root.join("lessons");
    for file in below(&course.root, "md", &|folder| !is_hidden(course, folder))? {
        if !file.starts_with(&lessons) {
            links::check(findings, course, &file, &Outline::of(&read(&file)?));
        }
    }
    let members = members(course)?;
    let mut tools = members.iter().filter(|folder| !folder.starts_with(&lessons));
    tools.try_for_each(|folder| manifest(findings, course, folder))
}

/// Checks the house rules for a chapter.
pub(crate) fn chapter(
    findings: &mut Findings<'_>,
    course: &Course,
    chapter: &Chapter,
) -> Result<()> {
    if chapter.name.starts_with(|c: char| c.is_ascii_digit()) {
        let what = "a number in a folder's name: the order lives in the root Cargo.toml";
        findings.add(&chapter.folder, 1, what);
    }
    let main = chapter.main();
    for file in sources(&chapter.folder.join("src"))? {
        let limit = if file == main { MAIN } else { SCENE };
        size(findings, &file, limit)?;
    }
    for file in sources(&chapter.folder.join("refused"))? {
        size(findings, &file, SCENE)?;
    }
    manifest(findings, course, &chapter.folder)
}

fn top_level(findings: &mut Findings<'_>, course: &Course) -> Result<()> {
    for entry in entries(&course.root)? {
        let name = entry.file_name().unwrap_or_default().to_string_lossy();
        if entry.is_dir() && !is_hidden(course, &entry) && !TOP_LEVEL.contains(&&*name) {
            let what = format_args!(
                "a folder at the top level: move it into one of {}",
                TOP_LEVEL.join(", ")
            );
            findings.add(&entry, 1, what);
        }
    }
    Ok(())
}

/// A file has at most `limit` lines, and its comments are not too wide.
fn size(findings: &mut Findings<'_>, file: &Path, limit: usize) -> Result<()> {
    let text = read(file)?;
    comments(findings, file, &text);
    let lines = text.lines().count();
    if lines > limit {
        let what = format_args!(
            "{lines} lines, at most {limit}: move a part that deserves a name into another file"
        );
        findings.add(file, limit + 1, what);
    }
    Ok(())
}

fn comments(findings: &mut Findings<'_>, file: &Path, text: &str) {
    for (line, comment) in (1..).zip(text.lines()).filter(|(_, line)| is_wide_comment(line)) {
        let columns = comment.chars().count();
        let what =
            format_args!("a comment of {columns} columns, at most {COLUMNS}: break the line");
        findings.add(file, line, what);
    }
}

/// A row of a table cannot be broken.
fn is_wide_comment(line: &str) -> bool {
    let comment = line.trim_start().strip_prefix("//");
    let is_row = |text: &str| text.trim_start_matches(['/', '!', ' ']).starts_with('|');
    comment.is_some_and(|text| !is_row(text)) && line.chars().count() > COLUMNS
}

/// Every Rust file below `folder`, if there is such a folder.
fn sources(folder: &Path) -> Result<Vec<PathBuf>> {
    if folder.is_dir() { below(folder, "rs", &|_| true) } else { Ok(Vec::new()) }
}

/// Every file with the extension below `folder`, in all folders for which `entered` is true.
fn below(folder: &Path, extension: &str, entered: &dyn Fn(&Path) -> bool) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in entries(folder)? {
        if entry.is_dir() {
            if entered(&entry) {
                files.extend(below(&entry, extension, entered)?);
            }
        } else if entry.extension().is_some_and(|e| e == extension) {
            files.push(entry);
        }
    }
    Ok(files)
}

/// Whether a folder belongs to cargo or git, and holds nothing that people write.
fn is_hidden(course: &Course, folder: &Path) -> bool {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.') || name == "target" || *folder == course.target()
}

/// The folder of every package: the members in the root manifest, where a path may end with `*`.
fn members(course: &Course) -> Result<Vec<PathBuf>> {
    let root = course.root.join("Cargo.toml");
    let manifest = read_toml(&root)?;
    let mut folders = Vec::new();
    for member in strings(look_up(&manifest, &["workspace", "members"]), &root, "members")? {
        match member.strip_suffix("/*") {
            Some(folder) => folders.extend(entries(&course.root.join(folder))?),
            None => folders.push(course.root.join(member)),
        }
    }
    folders.retain(|folder| folder.join("Cargo.toml").is_file());
    Ok(folders)
}

/// A package obeys the lints of the workspace, and imports only packages that it may know. No package imports a lesson,
/// and xtask does not import anything that it checks.
fn manifest(findings: &mut Findings<'_>, course: &Course, folder: &Path) -> Result<()> {
    let allowed: &[&str] = match folder.strip_prefix(&course.root).ok().and_then(Path::to_str) {
        Some("xtask") => &["bench", "course", "explorer", "orders", "runner", "transcript"],
        Some("xtask/course") => &["transcript"],
        Some(lesson) if lesson.starts_with("lessons/") => &["shared"],
        _ => &[],
    };
    let manifest = folder.join("Cargo.toml");
    let (text, document) = (read(&manifest)?, read_toml(&manifest)?);
    if look_up(&document, &["lints", "workspace"]).and_then(Item::as_bool) != Some(true) {
        let what = "without the house's lints, unsafe code would go unnoticed: write `[lints]` and \
                    `workspace = true`";
        findings.add(&manifest, 1, what);
    }
    for name in dependencies(&document) {
        let is_ours = OURS.contains(&name.as_str()) || name.starts_with("lesson-");
        if is_ours && !allowed.contains(&name.as_str()) {
            let line = line_where(&text, |line| line.contains(&name));
            let what = format_args!(
                "depends on {name}, which it must not know: move what it needs, or do without it"
            );
            findings.add(&manifest, line, what);
        }
    }
    Ok(())
}

/// The packages that a manifest imports, for any target and any purpose.
fn dependencies(manifest: &DocumentMut) -> Vec<String> {
    let mut tables: Vec<&Item> = vec![manifest.as_item()];
    let targets = manifest.get("target").and_then(Item::as_table_like);
    tables.extend(targets.into_iter().flat_map(|targets| targets.iter().map(|(_, target)| target)));
    let kinds = ["dependencies", "dev-dependencies", "build-dependencies"];
    let lists = tables
        .iter()
        .flat_map(|table| kinds.iter().filter_map(|kind| table.get(kind)?.as_table_like()));
    lists
        .flat_map(|list| list.iter())
        .map(|(name, dependency)| {
            dependency.get("package").and_then(Item::as_str).unwrap_or(name).to_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_is_found_wherever_it_hides() {
        let manifest = "[dependencies]\na = \"1\"\nb = { package = \"shared\", path = \"x\" }\n\
                        [dev-dependencies.c]\nworkspace = true\n[target.'cfg(unix)'.build-dependencies]\nd = \"1\"\n";
        let mut found = dependencies(&manifest.parse().unwrap());
        found.sort();
        assert_eq!(found, ["a", "c", "d", "shared"]);
    }
}
