//! `list`: an overview of the course.

use std::fmt::Write;

use course::{Course, blocks};

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
    for (index, chapter) in course.chapters.iter().enumerate() {
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
            let usage = format!("{} {}", scene.name, scene.options);
            _ = writeln!(text, "      {}/{}{unproven}", chapter.name, usage.trim_end());
        }
    }
    let minutes: u32 = course.chapters.iter().map(|chapter| chapter.minutes).sum();
    let count = counted(course.chapters.len(), "chapter");
    _ = writeln!(text, "{count}, {minutes} minutes; `cargo xtask run CHAPTER` plays one");
    Ok(text)
}
