//! A chapter's text: its sections, its words.

use std::path::Path;

use course::blocks::Piece;
use course::{Chapter, Scene};

use super::finding::Findings;

/// The sections below the question, in this order.
const SECTIONS: [&str; 7] = [
    "The idea",
    "The scenes",
    "Python to Rust",
    "Surprises",
    "In the real world",
    "Read next",
    "Three questions",
];

/// What the text says about each scene, in this order.
const STEPS: [&str; 5] = ["Predict", "Run", "Watch for", "Why", "Break it"];

/// Words that tell a reader who is stuck that it is their own fault.
const WEASELS: [&str; 8] =
    ["simply", "just", "obviously", "clearly", "basically", "trivially", "of course", "easily"];

/// One term, one meaning: what not to say, and what to say instead.
const TERMS: [(&str, &str); 7] = [
    ("job", "task"),
    ("jobs", "tasks"),
    ("critical region", "critical section"),
    ("reading end", "read end"),
    ("writing end", "write end"),
    ("exit value", "exit status"),
    ("mutual exclusion lock", "lock"),
];

/// The idea of a chapter in so many words at most.
const IDEA_WORDS: usize = 150;

/// A heading with the lines below it, down to the next one of its level.
struct Section<'a> {
    heading: &'a str,
    line: usize,
    body: Vec<(usize, &'a str)>,
}

/// Checks a chapter's README, cut into `pieces`.
pub(crate) fn check(
    findings: &mut Findings<'_>,
    chapter: &Chapter,
    scenes: &[Scene],
    pieces: &[Piece<'_>],
) {
    let file = &chapter.readme();
    let lines = lines(pieces);
    let wanted = format!("# {}", chapter.question);
    match lines.iter().find(|(_, line)| !line.trim().is_empty()) {
        Some((_, first)) if *first == wanted => {}
        Some((line, _)) => findings.add(
            file,
            *line,
            format_args!("another question than Cargo.toml's: begin with `{wanted}`"),
        ),
        None => findings.add(file, 1, format_args!("empty: begin with `{wanted}`")),
    }

    let sections = sections(&lines, "## ");
    let headings: Vec<&str> = sections.iter().map(|section| section.heading).collect();
    if headings != SECTIONS {
        let line =
            sections.iter().zip(SECTIONS).find(|(section, wanted)| section.heading != *wanted);
        let line = line.map_or(1, |(section, _)| section.line);
        findings.add(
            file,
            line,
            format_args!("sections out of order: they are {}", SECTIONS.join(", ")),
        );
    }
    for section in &sections {
        match section.heading {
            "The idea" => idea(findings, file, section),
            "The scenes" => walk(findings, file, section, scenes),
            "Three questions" => questions(findings, file, section),
            _ => {}
        }
    }
    words(findings, file, &lines);
}

fn idea(findings: &mut Findings<'_>, file: &Path, section: &Section<'_>) {
    let count: usize = section.body.iter().map(|(_, line)| line.split_whitespace().count()).sum();
    if count > IDEA_WORDS {
        findings.add(
            file,
            section.line,
            format_args!("the idea takes {count} words: {IDEA_WORDS} must do"),
        );
    }
}

/// Every scene has a section, in the order of the table, with all its steps.
fn walk(findings: &mut Findings<'_>, file: &Path, section: &Section<'_>, scenes: &[Scene]) {
    let parts = sections(&section.body, "### ");
    let mut told = Vec::new();
    for part in &parts {
        for name in named(part.heading) {
            if scenes.iter().all(|scene| scene.name != name) {
                let what = format_args!(
                    "a section about `{name}`, which is no scene: rename or remove it"
                );
                findings.add(file, part.line, what);
            } else {
                told.push(name);
            }
        }
        let mut steps = STEPS.iter().peekable();
        for (_, line) in &part.body {
            steps.next_if(|step| line.starts_with(&format!("**{step}")));
        }
        if let Some(step) = steps.next() {
            let what = format_args!(
                "{} lacks **{step}** at its place: the steps are {}",
                part.heading,
                STEPS.join(", ")
            );
            findings.add(file, part.line, what);
        }
    }
    for scene in scenes.iter().filter(|scene| !told.contains(&scene.name.as_str())) {
        findings.add(
            file,
            section.line,
            format_args!("no section about `{}`: write ### `{}`", scene.name, scene.name),
        );
    }
    let order: Vec<&str> =
        scenes.iter().map(|scene| scene.name.as_str()).filter(|name| told.contains(name)).collect();
    if told != order {
        let what = format_args!(
            "scenes in another order than in main.rs: there it is {}",
            order.join(", ")
        );
        findings.add(file, section.line, what);
    }
}

fn questions(findings: &mut Findings<'_>, file: &Path, section: &Section<'_>) {
    let folded = |(_, line): &(usize, &str)| line.matches("<details>").count();
    let answers: usize = section.body.iter().map(folded).sum();
    if answers != 3 {
        let what =
            format_args!("{answers} answers folded in <details>: three questions want three");
        findings.add(file, section.line, what);
    }
}

/// Finds weasel words and the wrong one of two terms, outside of code.
pub(crate) fn words(findings: &mut Findings<'_>, file: &Path, lines: &[(usize, &str)]) {
    for (number, line) in lines {
        let line = &plain(line);
        for weasel in WEASELS.iter().filter(|weasel| says(line, weasel)) {
            findings.add(
                file,
                *number,
                format_args!("`{weasel}` helps nobody who is stuck: leave it out"),
            );
        }
        for (wrong, right) in TERMS.iter().filter(|(wrong, _)| says(line, wrong)) {
            findings.add(
                file,
                *number,
                format_args!("`{wrong}` is called `{right}` in this course: say so"),
            );
        }
    }
}

/// The lines that a person wrote, outside of blocks and code, with their numbers.
pub(crate) fn lines<'a>(pieces: &[Piece<'a>]) -> Vec<(usize, &'a str)> {
    let mut lines = Vec::new();
    let mut fenced = false;
    for piece in pieces {
        let Piece::Prose(start, prose) = piece else {
            continue;
        };
        for (offset, line) in prose.lines().enumerate() {
            let is_fence = line.trim_start().starts_with("```");
            if !fenced && !is_fence {
                lines.push((start + offset, line));
            }
            fenced ^= is_fence;
        }
    }
    lines
}

fn sections<'a>(lines: &[(usize, &'a str)], mark: &str) -> Vec<Section<'a>> {
    let mut sections: Vec<Section<'a>> = Vec::new();
    for (line, text) in lines {
        if let Some(heading) = text.strip_prefix(mark) {
            sections.push(Section { heading: heading.trim(), line: *line, body: Vec::new() });
        } else if let Some(section) = sections.last_mut() {
            section.body.push((*line, text));
        }
    }
    sections
}

/// The scenes that a heading names: those in backticks, or else all of it.
fn named(heading: &str) -> Vec<&str> {
    let quoted: Vec<&str> = heading.split('`').skip(1).step_by(2).collect();
    if quoted.is_empty() { vec![heading] } else { quoted }
}

/// A line in small letters, without what is in backticks.
fn plain(line: &str) -> String {
    line.split('`').step_by(2).collect::<Vec<_>>().join("`").to_lowercase()
}

/// Whether `line` has `phrase` as words of their own.
fn says(line: &str, phrase: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    line.match_indices(phrase).any(|(at, _)| {
        !line[..at].ends_with(is_word) && !line[at + phrase.len()..].starts_with(is_word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_whole_and_outside_of_code() {
        assert!(says("it is just so", "just"));
        assert!(
            !says("adjust", "just") && !says("the jobserver", "job") && !says("--jobs", "jobs")
        );
        assert_eq!(plain("A `just` B"), "a ` b");
    }

    #[test]
    fn a_heading_names_one_scene_or_several() {
        assert_eq!(named("`one` beside `two`: the same"), ["one", "two"]);
        assert_eq!(named("fork-twice"), ["fork-twice"]);
    }
}
