//! The parts of a chapter: each scene has its transcript and its flaw, and each file its scene.

use std::path::Path;

use course::blocks::{self, Piece};
use course::files::{read, stem, write};
use course::{Chapter, Course, Error, Flaw, Scene, documented, expected, scene_of};

use super::finding::Findings;
use super::outline::Outline;
use super::text::ChapterText;
use super::{commands, form, links, minutes, ratios, words};
use crate::exit::Result;

/// Checks one chapter; with `fix`, its README's stale blocks are rewritten instead of found.
pub(crate) fn check(
    findings: &mut Findings<'_>,
    course: &Course,
    chapter: &Chapter,
    fix: bool,
) -> Result<()> {
    let Some(scenes) = findings.value(&chapter.main(), chapter.scenes()) else {
        return Ok(());
    };
    let Some(flaws) = findings.value(&chapter.folder, chapter.flaws()) else {
        return Ok(());
    };
    let source = read(&chapter.main())?;
    if source.lines().next() != Some(&format!("//! {}", chapter.question)) {
        let what =
            format_args!("not the question in Cargo.toml: begin with `//! {}`", chapter.question);
        findings.add(&chapter.main(), 1, what);
    }
    for scene in &scenes {
        whole(findings, chapter, scene, &flaws)?;
    }
    for file in chapter.transcripts()? {
        owned(findings, &scenes, &file, &scene_of(&file));
        command(findings, chapter, &file)?;
    }
    let transcripts: Vec<String> = chapter.transcripts()?.iter().map(|file| stem(file)).collect();
    for name in chapter.undirected.keys().filter(|name| !transcripts.contains(name)) {
        let error = Error::unknown("transcript", name, transcripts.iter().map(String::as_str));
        findings.add(&chapter.folder.join("Cargo.toml"), 1, format_args!("undirected: {error}"));
    }
    for flaw in &flaws {
        owned(findings, &scenes, &flaw.path, &flaw.scene);
    }
    let readme = chapter.readme();
    let Some(text) = findings.value(&readme, read(&readme)) else {
        return Ok(());
    };
    for file in chapter.refused()? {
        refused(findings, &file, &text)?;
    }
    match blocks::pieces(&text) {
        Ok(pieces) => {
            let outline = Outline::new(&pieces);
            let text = ChapterText {
                course,
                chapter,
                scenes: &scenes,
                flaws: &flaws,
                file: &readme,
                outline: &outline,
            };
            form::check(findings, &text);
            links::check(findings, course, &readme, &outline);
            commands::check(findings, course, &readme, &outline);
            links::read_next(findings, course, &readme, &outline);
            words::check(findings, &readme, &outline);
            minutes::check(findings, chapter, &scenes, &pieces)?;
            quoted(findings, chapter, &flaws, &pieces);
            ratios::check(findings, course, chapter, &scenes, &pieces)?;
            current(findings, course, chapter, &scenes, &pieces, fix)
        }
        Err((line, what)) => {
            findings.add(&readme, line, what);
            Ok(())
        }
    }
}

/// Checks that a scene has a claim, a transcript that proves it, and a flaw.
fn whole(
    findings: &mut Findings<'_>,
    chapter: &Chapter,
    scene: &Scene,
    flaws: &[Flaw],
) -> Result<()> {
    let name = &scene.name;
    let is_kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !name.chars().all(is_kebab) {
        let what = format_args!(
            "`{name}` cannot be a scene's name: use lower case, and hyphens between words"
        );
        findings.add(&chapter.main(), 1, what);
    }
    let Some(source) = findings.value(&scene.file, read(&scene.file)) else {
        return Ok(());
    };
    match documented(&source, &scene.function) {
        Some((_, true)) => {}
        Some((line, false)) => {
            findings.add(
                &scene.file,
                line,
                format_args!("`{name}` has no doc comment: write what the scene proves"),
            );
        }
        None => findings.add(
            &scene.file,
            1,
            format_args!("no function `{}`: the scene `{name}` plays it", scene.function),
        ),
    }
    if scene.transcripts.first().is_none_or(|first| stem(first) != *name) {
        let what = format_args!(
            "`{name}` has no transcript: `cargo xtask bless --record 20` drafts transcripts/{name}.txt"
        );
        findings.add(&chapter.folder, 1, what);
    }
    if flaws.iter().all(|flaw| flaw.scene != *name) {
        let what = format_args!("`{name}` has no planted flaw: write broken/{name}.<flaw>.patch");
        findings.add(&chapter.folder, 1, what);
    }
    Ok(())
}

/// Checks that a file with the name of a scene belongs to one.
fn owned(findings: &mut Findings<'_>, scenes: &[Scene], file: &Path, scene: &str) {
    if scenes.iter().all(|known| known.name != scene) {
        let error = Error::unknown("scene", scene, scenes.iter().map(|scene| scene.name.as_str()));
        findings.add(file, 1, format_args!("{error}: rename or remove the file"));
    }
}

/// Checks that a transcript starts its own scene.
fn command(findings: &mut Findings<'_>, chapter: &Chapter, file: &Path) -> Result<()> {
    let wanted = format!("$ {} {}", chapter.package, scene_of(file));
    let text = read(file)?;
    let first = text.lines().next().unwrap_or_default();
    if first != wanted && !first.starts_with(&format!("{wanted} ")) {
        findings.add(
            file,
            1,
            format_args!("the command does not match the file's name: begin with `{wanted}`"),
        );
    }
    Ok(())
}

/// Checks that a snippet names its error, and that the README names the snippet.
fn refused(findings: &mut Findings<'_>, file: &Path, readme: &str) -> Result<()> {
    if expected(&read(file)?).is_none() {
        findings.add(
            file,
            1,
            "names no error: begin with `// error[E0382]`, the code that rustc reports",
        );
    }
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    if !readme.contains(&*name) {
        findings.add(
            file,
            1,
            format_args!("README.md does not name it: link refused/{name} under Surprises"),
        );
    }
    Ok(())
}

/// Checks that every quotation has its flaw, and is not empty.
fn quoted(findings: &mut Findings<'_>, chapter: &Chapter, flaws: &[Flaw], pieces: &[Piece<'_>]) {
    let says = pieces.iter().filter_map(Piece::block).filter(|block| block.kind == "says");
    for block in says {
        if flaws.iter().all(|flaw| block.subject != [&flaw.scene, &flaw.name]) {
            let what = format_args!(
                "no flaw to quote: broken/{}.patch does not exist",
                block.subject.join(".")
            );
            findings.add(&chapter.readme(), block.line, what);
        } else if block.body.trim().is_empty() {
            let what = format_args!(
                "nothing quoted yet: `cargo xtask audit {} --broken --fix` does it",
                chapter.name
            );
            findings.add(&chapter.readme(), block.line, what);
        }
    }
}

/// Checks that generated blocks are up to date.
fn current(
    findings: &mut Findings<'_>,
    course: &Course,
    chapter: &Chapter,
    scenes: &[Scene],
    pieces: &[Piece<'_>],
    fix: bool,
) -> Result<()> {
    let readme = chapter.readme();
    let text = blocks::rewrite(pieces, |block| {
        let body = findings.value_at(
            &readme,
            block.line,
            blocks::generate(course, chapter, scenes, block),
        )??;
        if !fix && body != block.body {
            findings.add(&readme, block.line, "stale: `cargo xtask tidy --fix` rewrites it");
        }
        Some(body)
    });
    if fix {
        write(&readme, &text)?;
    }
    Ok(())
}
