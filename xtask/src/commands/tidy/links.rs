//! Links from file to file: each leads to a file that exists, on the web and in an editor.

use std::path::{Component, Path, PathBuf};

use course::Course;
use course::files::read;

use super::finding::Findings;
use super::outline::{Kind, Outline};
use super::text::READ_NEXT;

/// Checks the links of the Markdown file `file`.
pub(crate) fn check(
    findings: &mut Findings<'_>,
    course: &Course,
    file: &Path,
    outline: &Outline<'_>,
) {
    for (line, target) in &outline.links {
        if let Some(what) = wrong(course, file, outline, target) {
            findings.add(file, *line, format_args!("the link to {target} {what}"));
        }
    }
}

/// What is wrong with a link, and what to do.
fn wrong(course: &Course, file: &Path, outline: &Outline<'_>, target: &str) -> Option<String> {
    if target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let (path, anchor) = match target.split_once('#') {
        Some((path, anchor)) => (path, Some(anchor)),
        None => (target, None),
    };
    if path.starts_with('/') {
        return Some("begins at the root of the disk: write it relative to this file".to_owned());
    }
    let folder = file.parent().unwrap_or(&course.root);
    let found = if path.is_empty() { file.to_owned() } else { normal(&folder.join(path)) };
    if !found.starts_with(&course.root) {
        return Some("leaves the repository: link to a file in it".to_owned());
    }
    if !found.exists() {
        return Some("leads nowhere: there is no such file".to_owned());
    }
    if found.is_dir() {
        return Some(match found.join("README.md").is_file() {
            true => format!("leads to a folder: link to {}/README.md", path.trim_end_matches('/')),
            false => "leads to a folder: link to a file in it".to_owned(),
        });
    }
    let anchor = anchor?;
    if found.extension().is_none_or(|extension| extension != "md") {
        return Some("names a place in a file that will change: link to the file".to_owned());
    }
    let headings = if found == file { anchors(outline) } else { anchors_of(&read(&found).ok()?) };
    (!headings.iter().any(|heading| heading == anchor))
        .then(|| format!("leads to no heading: there is none called #{anchor}"))
}

/// Checks that the files and pages under "Read next" are links.
pub(crate) fn read_next(
    findings: &mut Findings<'_>,
    course: &Course,
    file: &Path,
    outline: &Outline<'_>,
) {
    let sections = outline.sections(2);
    let Some(section) = sections.iter().find(|section| section.heading == READ_NEXT) else {
        return;
    };
    for span in section.body.iter().flat_map(|part| &part.spans) {
        let is_file = span.text.contains('/') && course.root.join(&span.text).is_file();
        if is_file && !span.is_link {
            let what = format_args!("not a link: write [`{0}`](../../{0})", span.text);
            findings.add(file, span.line, what);
        }
    }
    if !outline.links.iter().any(|(line, _)| *line > section.line) {
        findings.add(file, section.line, "no link: link the files and pages to read");
    }
}

/// The path without `.` and `..`, as a viewer resolves it.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => _ = normal.pop(),
            other => normal.push(other),
        }
    }
    normal
}

fn anchors_of(text: &str) -> Vec<String> {
    anchors(&Outline::of(text))
}

/// The anchors of the headings in a text, as GitHub makes them.
fn anchors(outline: &Outline<'_>) -> Vec<String> {
    let headings = outline.parts.iter().filter(|part| matches!(part.kind, Kind::Heading(_)));
    let mut anchors: Vec<String> = Vec::new();
    for heading in headings {
        let text = heading.source.trim_start_matches('#').trim().to_lowercase();
        let kept = text.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
        let anchor: String = kept.map(|c| if c == ' ' { '-' } else { c }).collect();
        let same = anchors.iter().filter(|earlier| **earlier == anchor).count();
        anchors.push(if same == 0 { anchor } else { format!("{anchor}-{same}") });
    }
    anchors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_has_the_anchor_that_github_gives_it() {
        let text = "# What is `it`, and why?\n\n## One-two three_four\n\n## A\n\n## A\n";
        assert_eq!(anchors_of(text), ["what-is-it-and-why", "one-two-three_four", "a", "a-1"]);
    }
}
