//! The ratios that a text quotes: each can be read from its scene, and the text has the table of all of them.

use course::blocks::{Block, Piece};
use course::files::read;
use course::{Chapter, Course, Ratio, Scene};
use transcript::Transcript;

use super::finding::{Findings, line_where};
use crate::exit::Result;

pub(crate) fn check(
    findings: &mut Findings<'_>,
    course: &Course,
    chapter: &Chapter,
    scenes: &[Scene],
    pieces: &[Piece<'_>],
) -> Result<()> {
    for ratio in &chapter.ratios {
        if let Some(what) = unreadable(course, scenes, ratio) {
            let manifest = chapter.folder.join("Cargo.toml");
            let line = line_where(&read(&manifest)?, |line| line.contains(&ratio.what));
            findings.add(&manifest, line, what);
        }
    }
    let tables = pieces.iter().filter_map(Piece::block).filter(|block| block.kind == "ratios");
    let tables: Vec<&Block<'_>> = tables.collect();
    let readme = chapter.readme();
    match tables[..] {
        [] if chapter.ratios.is_empty() => {}
        [] => findings.add(
            &readme,
            1,
            "no table of the ratios: write <!-- ratios --> and <!-- end -->",
        ),
        [table, ..] if chapter.ratios.is_empty() => {
            findings.add(
                &readme,
                table.line,
                "no ratios: list them in Cargo.toml, or remove the block",
            );
        }
        [table] if !is_current(&chapter.ratios, table.body) => {
            let what = format_args!(
                "stale: `cargo xtask bench --chapters {} --fix` measures it",
                chapter.name
            );
            findings.add(&readme, table.line, what);
        }
        [_] => {}
        [_, second, ..] => findings.add(&readme, second.line, "a second table: remove it"),
    }
    Ok(())
}

/// Why the ratio cannot be read from its scene; none if it can.
fn unreadable(course: &Course, scenes: &[Scene], ratio: &Ratio) -> Option<String> {
    let name = ratio.scene();
    let Some(scene) = scenes.iter().find(|scene| scene.name == name) else {
        return Some(format!("there is no scene `{name}` to read the ratio from"));
    };
    // A transcript that cannot be parsed is found elsewhere.
    let transcripts: Vec<Transcript> =
        scene.transcripts.iter().filter_map(|path| course.transcript(path).ok()).collect();
    let events = transcripts.iter().flat_map(Transcript::events);
    let lines: Vec<&str> = events.map(|event| event.text.as_str()).collect();
    ratio.lacks(&lines).map(|beginning| format!("no line of `{name}` begins with `{beginning}`"))
}

/// Whether the table has a row for each ratio, in the same order, and no other row.
fn is_current(ratios: &[Ratio], table: &str) -> bool {
    let rows = table.lines().filter(|line| line.starts_with("| `"));
    let heads: Vec<String> = ratios.iter().map(Ratio::head).collect();
    rows.clone().count() == heads.len() && rows.zip(&heads).all(|(row, head)| row.starts_with(head))
}
