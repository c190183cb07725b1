//! `new`: writes a small complete chapter, which its author then replaces line by line.

use std::path::Path;

use course::blocks::{self, fence};
use course::files::{read, read_toml, write};
use course::{Course, Quotes};
use toml_edit::{Array, Item, Value, value};
use transcript::{Timing, Verdict};

use crate::cli;
use crate::exit::{Answer, Error, Result};
use crate::terminal::{GOOD, paint, println};

/// Each file of a new chapter and its text, in which CHAPTER and QUESTION are placeholders.
const FILES: [(&str, &str); 6] = [
    ("Cargo.toml", include_str!("../../template/Cargo.toml.txt")),
    ("README.md", include_str!("../../template/README.md.txt")),
    ("src/main.rs", include_str!("../../template/main.rs.txt")),
    ("transcripts/hand-over.txt", include_str!("../../template/hand-over.txt")),
    ("broken/hand-over.late-join.patch", include_str!("../../template/hand-over.late-join.patch")),
    ("refused/join_twice.rs", include_str!("../../template/join_twice.rs.txt")),
];

/// What the scene prints when it joins too late.
const LATE_JOIN: &str =
    "main: started a worker\nworker: begins\nmain: the worker is done\nworker: ends\n";

pub(crate) fn new(arguments: &cli::New) -> Result {
    let course = Course::find()?;
    let (name, question) = (arguments.chapter.as_str(), arguments.question.trim());
    well_formed(name, question)?;
    let folder = course.root.join("lessons").join(name);
    if folder.exists() || course.chapters.iter().any(|chapter| chapter.name == name) {
        return Err(Error::Question(format!(
            "lessons/{name} already exists: choose another name, or remove the folder first"
        )));
    }
    append(&course.root.join("Cargo.toml"), name)?; // First, since it can fail.
    for (file, text) in FILES {
        let text = text.replace("CHAPTER", name);
        let text = if file == "Cargo.toml" { text } else { text.replace("QUESTION", question) };
        write(&folder.join(file), text)?;
    }
    set_question(&folder.join("Cargo.toml"), question)?;

    let course = Course::find()?;
    fill(&course, name)?;
    let readme = course.root.join("README.md");
    if readme.exists() {
        let text = blocks::front_page(&course, &read(&readme)?)
            .map_err(|(line, what)| Error::Question(format!("README.md:{line}: {what}")))?;
        write(&readme, text)?;
    }
    println(format_args!(
        "{} lessons/{name}, the last chapter of the reading order",
        paint(GOOD, "wrote")
    ))?;
    println("    its place:  parts in [workspace.metadata.lessons] of Cargo.toml")?;
    println(format_args!("    see it run: cargo xtask run {name}"))?;
    println(format_args!("    check it:   cargo xtask check {name}"))?;
    Ok(Answer::Passed)
}

fn well_formed(name: &str, question: &str) -> Result<()> {
    let is_kebab = name.split('-').all(|word| {
        !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    });
    if !is_kebab || !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Err(Error::Question(format!(
            "`{name}` cannot be a chapter's name: \
             use lower case, hyphens between words, and a letter first, as in process-sync"
        )));
    }
    if !question.ends_with('?') || question.len() < 2 || question.contains(['\n', '|']) {
        return Err(Error::Question(format!(
            "`{question}` is not a question: write one line that ends with `?` and has no `|`"
        )));
    }
    Ok(())
}

/// Sets the question in the chapter's manifest, and escapes its quotation marks.
fn set_question(manifest: &Path, question: &str) -> Result<()> {
    let mut document = read_toml(manifest)?;
    document["package"]["metadata"]["lesson"]["question"] = value(question);
    Ok(write(manifest, document.to_string())?)
}

/// Adds the chapter to the end of the last part, in the same layout as the other names.
fn append(manifest: &Path, name: &str) -> Result<()> {
    let mut document = read_toml(manifest)?;
    let parts =
        document["workspace"]["metadata"]["lessons"].get_mut("parts").and_then(Item::as_array_mut);
    let chapters = parts
        .and_then(|parts| parts.iter_mut().last()?.as_inline_table_mut()?.get_mut("chapters"))
        .and_then(Value::as_array_mut);
    let chapters: &mut Array = chapters.ok_or_else(|| {
        let part = "{ title = \"...\", chapters = [] }";
        Error::Question(format!(
            "Cargo.toml has no part for the chapter: add {part} to parts in [workspace.metadata.lessons]"
        ))
    })?;
    let mut entry = Value::from(name);
    if let Some(last) = chapters.iter().last() {
        *entry.decor_mut() = last.decor().clone();
    }
    match chapters.len() {
        0 => chapters.push(name),
        _ => chapters.push_formatted(entry),
    }
    Ok(write(manifest, document.to_string())?)
}

/// Makes the generated blocks of the new README.
fn fill(course: &Course, name: &str) -> Result<()> {
    let chapter = course.chapter(name)?;
    let scenes = chapter.scenes()?;
    let text = read(&chapter.readme())?;
    let pieces = blocks::pieces_of(chapter, &text)?;
    let mut bodies = Vec::new();
    for block in pieces.iter().filter_map(blocks::Piece::block) {
        bodies.push(match blocks::generate(course, chapter, &scenes, block)? {
            Some(body) => body,
            None => fence("text", &late_join(course, &chapter.folder)?),
        });
    }
    let mut bodies = bodies.into_iter();
    Ok(write(&chapter.readme(), blocks::rewrite(&pieces, |_| bodies.next()))?)
}

/// What a check reports about the planted flaw.
fn late_join(course: &Course, folder: &Path) -> Result<String> {
    let transcript = course.transcript(&folder.join("transcripts/hand-over.txt"))?;
    match transcript.judge(LATE_JOIN, Timing::Judged) {
        Verdict::Rejected(rejected) => Ok(rejected.wrapped(Quotes::COLUMNS)),
        verdict => Err(Error::Question(format!("the template's flaw is not caught: {verdict:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_questions_are_checked() {
        for name in ["pool", "process-sync", "ipc2"] {
            assert!(well_formed(name, "Why?").is_ok(), "{name}");
        }
        for name in ["", "Pool", "5-pool", "a_b", "a--b", "-a", "a/b", "../x"] {
            assert!(well_formed(name, "Why?").is_err(), "{name}");
        }
        for question in ["", "?", "No question", "Two\nlines?", "a | b?"] {
            assert!(well_formed("pool", question).is_err(), "{question}");
        }
    }
}
