//! The commands that a text names: each of them must work.

use std::path::Path;

use clap::Parser;
use course::Course;

use super::finding::Findings;
use super::outline::{Kind, Outline};
use crate::cli::{Cli, Command};

/// The texts that end a command in a line of the shell.
const ENDS: [&str; 5] = [" |", " >", " #", " &&", ";"];

/// Checks each `cargo run` and `cargo xtask` in the prose and in the blocks of shell commands.
pub(crate) fn check(
    findings: &mut Findings<'_>,
    course: &Course,
    file: &Path,
    outline: &Outline<'_>,
) {
    for part in &outline.parts {
        let spans = part.spans.iter().map(|span| (span.line, span.text.as_str()));
        let shell = match &part.kind {
            Kind::Fence { language, body } if language == "sh" => body.as_str(),
            _ => "",
        };
        for (line, text) in spans.chain((part.line + 1..).zip(shell.lines())) {
            if let Err(what) = works(course, text) {
                findings.add(file, line, format_args!("`{text}` does not work: {what}"));
            }
        }
    }
}

/// What is wrong with the command in `text`, if there is one.
fn works(course: &Course, text: &str) -> Result<(), String> {
    let end = ENDS.iter().filter_map(|end| text.find(end)).min();
    let text = &text[..end.unwrap_or(text.len())];
    if let Some((_, rest)) = text.split_once("cargo run -p lesson-") {
        return lesson(course, &words(rest)).map_err(|error| error.to_string());
    }
    let Some((_, rest)) = text.split_once("cargo xtask ") else {
        return Ok(());
    };
    let line = ["cargo xtask".to_owned()].into_iter().chain(words(rest));
    let cli = Cli::try_parse_from(line).map_err(|error| {
        let message = error.to_string();
        let first = message.lines().next().unwrap_or_default();
        first.trim_start_matches("error: ").to_owned()
    })?;
    named(course, &cli.command).map_err(|error| error.to_string())
}

/// The words of a line of the shell. A part in double quotes is one word.
fn words(line: &str) -> Vec<String> {
    let parts = line.split('"').enumerate();
    let words = parts.flat_map(|(number, part)| {
        let is_quoted = number % 2 == 1;
        if is_quoted { vec![part] } else { part.split_whitespace().collect() }
    });
    words.map(str::to_owned).collect()
}

/// `fork -- who-am-i --speed 5`: a chapter, and one of its scenes.
fn lesson(course: &Course, words: &[String]) -> course::Result<()> {
    let Some((chapter, rest)) = words.split_first() else {
        return Ok(());
    };
    let chapter = course.chapter(chapter)?;
    match rest {
        [dashes, scene, ..] if dashes == "--" && !scene.starts_with('-') => {
            chapter.scene(scene).map(drop)
        }
        _ => Ok(()),
    }
}

/// Whether the names in the command exist.
fn named(course: &Course, command: &Command) -> course::Result<()> {
    let names: &[String] = match command {
        Command::Read(read) => &read.names,
        Command::Run(run) => std::slice::from_ref(&run.name),
        Command::Check(check) => &check.names,
        Command::Diff(diff) => &diff.scene,
        Command::Show(show) => &show.names,
        Command::Break(planted) => return flaw(course, &planted.names),
        Command::Restore(restore) => &restore.names,
        Command::Bless(bless) => &bless.names,
        Command::Audit(audit) => &audit.names,
        Command::Outcomes(outcomes) => &outcomes.scene,
        Command::Orders(orders) => &orders.scene,
        Command::Play(play) => play.name.as_slice(),
        Command::Replay(replay) => std::slice::from_ref(&replay.name),
        Command::Tidy(tidy) => &tidy.chapters,
        _ => return Ok(()),
    };
    course.select(names).map(drop)
}

/// `fork/who-am-i old-pid`: a scene, and one of its flaws.
fn flaw(course: &Course, names: &[String]) -> course::Result<()> {
    let [scene, name] = names else {
        return course.select(names).map(drop);
    };
    let (chapter, scene) = course.scene(std::slice::from_ref(scene))?;
    chapter.flaw(&scene, name).map(drop)
}
