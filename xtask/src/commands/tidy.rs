//! `tidy`: the house rules, as far as a program can see them.

mod finding;
mod house;
mod parts;
mod prose;

use course::files::{read, write};
use course::{Course, blocks};

use self::finding::Findings;
use crate::cli;
use crate::exit::{Answer, Result};
use crate::terminal::{counted, println};

pub(crate) fn tidy(arguments: &cli::Tidy) -> Result {
    let course = Course::find()?;
    let mut findings = Findings::new(&course);
    house::check(&mut findings, &course)?;
    front_page(&mut findings, &course, arguments.fix)?;
    for chapter in &course.chapters {
        parts::check(&mut findings, &course, chapter, arguments.fix)?;
    }
    let findings = findings.sorted();
    for finding in &findings {
        println(finding)?;
    }
    match findings.len() {
        0 => println(format_args!("tidy: {}", counted(course.chapters.len(), "chapter")))?,
        count => println(counted(count, "finding"))?,
    }
    Ok(Answer::from_failures(findings.len()))
}

/// The lesson table of the root README.
fn front_page(findings: &mut Findings<'_>, course: &Course, fix: bool) -> Result<()> {
    let readme = course.root.join("README.md");
    let Some(text) = findings.value(&readme, read(&readme)) else {
        return Ok(());
    };
    match blocks::front_page(course, &text) {
        Ok(current) if fix => write(&readme, current)?,
        Ok(current) if current != text => {
            let line = text.lines().position(|line| line.trim_end() == blocks::LESSONS);
            let what = "stale: `cargo xtask tidy --fix` rewrites it";
            findings.add(&readme, line.map_or(1, |index| index + 1), what);
        }
        Ok(_) => {}
        Err((line, what)) => findings.add(&readme, line, what),
    }
    Ok(())
}
