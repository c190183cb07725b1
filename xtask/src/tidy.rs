//! `tidy`: the house rules, as far as a program can see them.

mod finding;
mod house;
mod parts;
mod prose;

use crate::answer::{Answer, Result};
use crate::blocks::{self, Piece};
use crate::cli;
use crate::list::markdown;
use crate::terminal::{counted, println};
use crate::workspace::{Workspace, read, write};

pub(crate) use finding::Findings;

pub(crate) fn tidy(arguments: &cli::Tidy) -> Result {
    let workspace = Workspace::find()?;
    let mut findings = Findings::new(&workspace);
    house::check(&mut findings, &workspace)?;
    front_page(&mut findings, &workspace, arguments.fix)?;
    for chapter in &workspace.chapters {
        parts::check(&mut findings, &workspace, chapter, arguments.fix)?;
    }
    let findings = findings.sorted();
    for finding in &findings {
        println(finding)?;
    }
    match findings.len() {
        0 => println(format_args!("tidy: {}", counted(workspace.chapters.len(), "chapter")))?,
        count => println(counted(count, "finding"))?,
    }
    Ok(Answer::from_failures(findings.len()))
}

/// The lesson table of the root README.
pub(crate) fn front_page(
    findings: &mut Findings<'_>,
    workspace: &Workspace,
    fix: bool,
) -> Result<()> {
    let readme = workspace.root.join("README.md");
    let Some(text) = findings.value(&readme, read(&readme)) else {
        return Ok(());
    };
    let pieces = match blocks::pieces(&text) {
        Ok(pieces) => pieces,
        Err((line, what)) => {
            findings.add(&readme, line, what);
            return Ok(());
        }
    };
    let table = markdown(workspace);
    match pieces.iter().filter_map(Piece::block).find(|block| block.kind == "lessons") {
        None => findings.add(
            &readme,
            1,
            "no lesson table: write <!-- lessons --> and <!-- end --> where it should stand",
        ),
        Some(block) if block.body != table && !fix => {
            findings.add(&readme, block.line, "stale: `cargo xtask tidy --fix` rewrites it");
        }
        Some(_) => {}
    }
    if fix {
        let made = |block: &blocks::Block<'_>| (block.kind == "lessons").then(|| table.clone());
        write(&readme, blocks::rewrite(&pieces, made))?;
    }
    Ok(())
}
