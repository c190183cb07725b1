//! `list`: an overview of the course.

use std::fmt::Write;

use course::{Chapter, Course, blocks};

use crate::cli;
use crate::exit::{Answer, Result};
use crate::terminal::{FAINT, STRONG, counted, paint, print};

pub(crate) fn list(arguments: &cli::List) -> Result {
    let course = Course::find()?;
    print(if arguments.markdown { blocks::lessons(&course) } else { overview(&course)? })?;
    Ok(Answer::Passed)
}

fn overview(course: &Course) -> Result<String> {
    let mut text = String::new();
    let mut numbers = 1..;
    for part in course.parts() {
        _ = writeln!(text, "{}", paint(STRONG, &part[0].part));
        for (chapter, number) in part.iter().zip(&mut numbers) {
            let name = paint(STRONG, &chapter.name);
            let Chapter { question, minutes, .. } = chapter;
            _ = writeln!(text, "{number:>2}  {name}: {question} ({minutes} minutes)");
            for scene in chapter.scenes()? {
                let unproven = if scene.transcripts.is_empty() {
                    paint(FAINT, "  (no transcript yet)")
                } else {
                    String::new()
                };
                let usage = format!("{} {}", scene.name, scene.options);
                _ = writeln!(text, "      {}/{}{unproven}", chapter.name, usage.trim_end());
            }
        }
    }
    let minutes: u32 = course.chapters.iter().map(|chapter| chapter.minutes).sum();
    let count = counted(course.chapters.len(), "chapter");
    _ = writeln!(text, "{count}, {minutes} minutes; `cargo xtask run CHAPTER` plays one");
    Ok(text)
}
