//! `list`: the course at a glance.

use std::fmt::Write;

use crate::answer::{Answer, Result};
use crate::cli;
use crate::terminal::{FAINT, STRONG, counted, paint, print};
use crate::workspace::Workspace;

pub(crate) fn list(arguments: &cli::List) -> Result {
    let workspace = Workspace::find()?;
    print(if arguments.markdown { markdown(&workspace) } else { overview(&workspace)? })?;
    Ok(Answer::Held)
}

/// The table of the root README.
pub(crate) fn markdown(workspace: &Workspace) -> String {
    let mut table =
        "| | Chapter | The question it answers | Minutes |\n|---|---|---|---|\n".to_owned();
    for (index, chapter) in workspace.chapters.iter().enumerate() {
        let (number, name) = (index + 1, &chapter.name);
        _ = writeln!(
            table,
            "| {number} | [{name}](lessons/{name}) | {} | {} |",
            chapter.question, chapter.minutes
        );
    }
    table
}

fn overview(workspace: &Workspace) -> Result<String> {
    let mut text = String::new();
    for (index, chapter) in workspace.chapters.iter().enumerate() {
        let name = paint(STRONG, &chapter.name);
        _ = writeln!(
            text,
            "{:>2}  {name}: {} ({} minutes)",
            index + 1,
            chapter.question,
            chapter.minutes
        );
        for scene in chapter.scenes()? {
            let unproven = if scene.transcripts.is_empty() {
                paint(FAINT, "  (no transcript yet)")
            } else {
                String::new()
            };
            _ = writeln!(text, "      {}/{}{unproven}", chapter.name, scene.name);
        }
    }
    let minutes: u32 = workspace.chapters.iter().map(|chapter| chapter.minutes).sum();
    let count = counted(workspace.chapters.len(), "chapter");
    _ = writeln!(text, "{count}, {minutes} minutes; `cargo xtask run CHAPTER` plays one");
    Ok(text)
}
