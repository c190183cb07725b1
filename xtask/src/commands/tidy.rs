//! `tidy`: checks the house rules that a program can check.

mod commands;
mod explored;
mod finding;
mod form;
mod house;
mod links;
mod minutes;
mod outline;
mod parts;
mod ratios;
mod runs;
mod scenes;
mod section;
mod step;
mod text;
mod tokens;
mod words;

use course::files::{read, write};
use course::{Chapter, Course, blocks};

use self::finding::{Findings, line_where};
use self::outline::Outline;
use crate::cli;
use crate::exit::{Answer, Result};
use crate::terminal::{counted, print, println};

pub(crate) fn tidy(arguments: &cli::Tidy) -> Result {
    let course = Course::find()?;
    let chapters = selected(&course, &arguments.chapters)?;
    if arguments.minutes {
        print(minutes::table(&chapters)?)?;
        return Ok(Answer::Passed);
    }
    let mut findings = Findings::new(&course);
    if arguments.chapters.is_empty() {
        house::check(&mut findings, &course)?;
        front_page(&mut findings, &course, arguments.fix)?;
    }
    for chapter in &chapters {
        house::chapter(&mut findings, &course, chapter)?;
        explored::check(&mut findings, chapter)?;
        parts::check(&mut findings, &course, chapter, arguments.fix)?;
    }
    let findings = findings.sorted();
    for finding in &findings {
        println(finding)?;
    }
    match findings.len() {
        0 => println(format_args!("no findings in {}", counted(chapters.len(), "chapter")))?,
        count => println(counted(count, "finding"))?,
    }
    Ok(Answer::from_failures(findings.len()))
}

/// The chapters with these names, in reading order; all of them if there are no names.
fn selected<'a>(course: &'a Course, names: &[String]) -> Result<Vec<&'a Chapter>> {
    let mut chapters: Vec<&Chapter> = course.chapters.iter().collect();
    if !names.is_empty() {
        for name in names {
            course.chapter(name)?;
        }
        chapters.retain(|chapter| names.contains(&chapter.name));
    }
    Ok(chapters)
}

/// The root README: its commands, and its table of the lessons.
fn front_page(findings: &mut Findings<'_>, course: &Course, fix: bool) -> Result<()> {
    let readme = course.root.join("README.md");
    let Some(text) = findings.value(&readme, read(&readme)) else {
        return Ok(());
    };
    commands::check(findings, course, &readme, &Outline::of(&text));
    match blocks::front_page(course, &text) {
        Ok(current) if fix => write(&readme, current)?,
        Ok(current) if current != text => {
            let line = line_where(&text, |line| line.trim_end() == blocks::LESSONS);
            findings.add(&readme, line, "stale: `cargo xtask tidy --fix` rewrites it");
        }
        Ok(_) => {}
        Err((line, what)) => findings.add(&readme, line, what),
    }
    Ok(())
}
