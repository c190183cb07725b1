//! `read`: a chapter, or the section about one scene, laid out for this terminal.

use std::path::{Component, PathBuf};

use course::{Chapter, Course, Scene, Selected, blocks, files};

use crate::cli;
use crate::exit::{Error, Result};
use crate::reading::{self, Block, Inline, Page};
use crate::terminal::{CODE, FAINT, paint};

/// A heading of a chapter's text, with what is below it down to the next heading.
struct Part {
    blocks: Vec<Block>,
    /// The scenes that it is about.
    scenes: Vec<String>,
}

pub(crate) fn read(arguments: &cli::Read) -> Result {
    let course = Course::find()?;
    let mut lines = Vec::new();
    if arguments.names.is_empty() {
        lines = contents(&course);
    } else {
        for selected in course.select_scenes(&arguments.names)? {
            lines.extend(selection(&course, &selected, arguments.answers)?);
        }
    }
    reading::show(&format!("{}\n", lines.join("\n").trim_end()))
}

/// The chapters in their order.
fn contents(course: &Course) -> Vec<String> {
    let page = Page { columns: reading::columns(), unfold: None };
    let mut lines = page.lines(&reading::parse(&blocks::lessons(course), &|_| None));
    let first = course.chapters.first().map(|chapter| next(&command(&chapter.name)));
    lines.extend([String::new()].into_iter().chain(first));
    lines
}

/// What was selected of a chapter's text.
fn selection(course: &Course, selected: &Selected<'_>, answers: bool) -> Result<Vec<String>> {
    let Selected { chapter, scenes, is_whole, .. } = selected;
    let columns = reading::columns();
    let page = Page { columns, unfold: None };
    let text = fitted(course, chapter, &files::read(&chapter.readme())?, page.code());
    let text = reading::parse(&text, &|target| address(course, chapter, target));
    let parts = parts(text, &chapter.scenes()?);

    let is_about = |part: &Part, scene: &Scene| part.scenes.contains(&scene.name);
    let lacks_section = |scene: &&Scene| !parts.iter().any(|part| is_about(part, scene));
    if let Some(scene) = scenes.iter().find(lacks_section).filter(|_| !is_whole) {
        return Err(Error::Question(format!(
            "{} has no section about `{}`: `cargo xtask tidy {}` says what to write",
            course.display(&chapter.readme()),
            scene.name,
            chapter.name
        )));
    }
    let is_wanted = |part: &Part| *is_whole || scenes.iter().any(|scene| is_about(part, scene));
    let mut lines = Vec::new();
    for part in parts.iter().filter(|part| is_wanted(part)) {
        let unfold = format!("{} --answers", part.command(chapter));
        let page = Page { columns, unfold: (!answers).then_some(&unfold) };
        lines.extend(page.lines(&part.blocks));
        lines.push(String::new());
    }
    let rest = parts.iter().rposition(is_wanted).map_or(&[][..], |last| &parts[last + 1..]);
    lines.extend(following(course, chapter, rest));
    lines.push(String::new());
    Ok(lines)
}

/// Cuts a chapter's text before each heading of a section; a smaller heading is a part of its section.
fn parts(text: Vec<Block>, known: &[Scene]) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for block in text {
        if let Block::Heading(..=3, title) = &block {
            let mut scenes = named(title);
            scenes.retain(|name| known.iter().any(|scene| scene.name == *name));
            parts.push(Part { blocks: Vec::new(), scenes });
        }
        match parts.last_mut() {
            Some(part) => part.blocks.push(block),
            None => parts.push(Part { blocks: vec![block], scenes: Vec::new() }),
        }
    }
    parts
}

/// The names in a heading of the form `` `one`: title `` or `` `one` and `two`: title ``.
fn named(title: &[Inline]) -> Vec<String> {
    let names = title.iter().take_while(|part| part.style == CODE || !part.text.contains(':'));
    let names = names.filter(|part| part.style == CODE);
    names.map(|name| name.text.trim_matches('`').to_owned()).collect()
}

impl Part {
    /// The command that shows it.
    fn command(&self, chapter: &Chapter) -> String {
        match self.scenes.first() {
            Some(scene) => command(&format!("{}/{scene}", chapter.name)),
            None => command(&chapter.name),
        }
    }

    /// The words of its heading.
    fn title(&self) -> Option<String> {
        match self.blocks.first() {
            Some(Block::Heading(_, title)) => {
                Some(title.iter().map(|part| part.text.as_str()).collect())
            }
            _ => None,
        }
    }
}

/// How to read on: the next scene in the `rest` of the chapter, what comes after the last one, or the next chapter.
fn following(course: &Course, chapter: &Chapter, rest: &[Part]) -> Option<String> {
    if let Some(part) = rest.iter().find(|part| !part.scenes.is_empty()) {
        return Some(next(&part.command(chapter)));
    }
    if let Some(title) = rest.first().and_then(Part::title) {
        return Some(next(&format!("{}, from \"{title}\" on", command(&chapter.name))));
    }
    let mut chapters = course.chapters.iter().skip_while(|other| other.name != chapter.name);
    chapters.nth(1).map(|chapter| next(&command(&chapter.name)))
}

fn next(command: &str) -> String {
    format!("{} {command}", paint(FAINT, "next:"))
}

fn command(name: &str) -> String {
    format!("cargo xtask read {name}")
}

/// The text; a picture that is wider than `columns` columns is drawn again.
fn fitted(course: &Course, chapter: &Chapter, text: &str, columns: usize) -> String {
    // `tidy` says what is wrong with a marker.
    let Ok(pieces) = blocks::pieces(text) else { return text.to_owned() };
    blocks::rewrite(&pieces, |block| {
        let is_too_wide = block.body.lines().any(|line| line.chars().count() > columns);
        let is_picture = block.kind == "lanes" && is_too_wide;
        is_picture.then(|| blocks::picture(course, chapter, block, columns).ok()).flatten()
    })
}

/// What a reader at a terminal types or opens for the target of a link: a command for another chapter, a path from the
/// course's root for a file. None for a place in the same text.
fn address(course: &Course, chapter: &Chapter, target: &str) -> Option<String> {
    if target.contains("://") {
        return Some(target.to_owned());
    }
    let file = target.split('#').next().filter(|file| !file.is_empty())?;
    let mut path = PathBuf::new();
    let folder = chapter.folder.strip_prefix(&course.root).unwrap_or(&chapter.folder);
    for component in folder.join(file).components() {
        match component {
            Component::ParentDir => _ = path.pop(),
            other => path.push(other),
        }
    }
    let is_text = |other: &&Chapter| other.readme() == course.root.join(&path);
    match course.chapters.iter().find(is_text) {
        Some(other) if other.name == chapter.name => None,
        Some(other) => Some(command(&other.name)),
        None => Some(path.display().to_string()),
    }
}
