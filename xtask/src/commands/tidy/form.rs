//! The form of a chapter's README: its sections, their order, and what each must have.

use std::path::Path;

use super::finding::Findings;
use super::outline::{Kind, Part, Section};
use super::scenes;
use super::text::{ChapterText, IDEA, MORE, PYTHON, QUESTIONS, SECTIONS, SURPRISES};

/// The most words of the idea, and of the surprises.
const IDEA_WORDS: usize = 150;
const SURPRISES_WORDS: usize = 300;

/// Checks the form of a chapter's text.
pub(crate) fn check(findings: &mut Findings<'_>, text: &ChapterText<'_>) {
    let file = text.file;
    title(findings, text);
    let sections = text.outline.sections(2);
    order(findings, file, &sections);
    for section in &sections {
        match section.heading {
            IDEA => idea(findings, file, section),
            PYTHON if !section.body.iter().any(|part| matches!(part.kind, Kind::Table)) => {
                findings.add(file, section.line, "no table: write a row for each idiom");
            }
            SURPRISES => at_most(findings, file, section, SURPRISES_WORDS),
            QUESTIONS => questions(findings, file, section),
            _ => {}
        }
    }
    scenes::check(findings, text, &sections);
}

/// The title is the question, and a few words below it say why a reader meets it.
fn title(findings: &mut Findings<'_>, text: &ChapterText<'_>) {
    let (file, outline) = (text.file, text.outline);
    let wanted = format!("# {}", text.chapter.question);
    let Some(first) = outline.parts.first() else {
        findings.add(file, 1, format_args!("empty: begin with `{wanted}`"));
        return;
    };
    if first.source != wanted {
        let what = format_args!("not the question in Cargo.toml: begin with `{wanted}`");
        findings.add(file, first.line, what);
    }
    if !outline.parts.get(1).is_some_and(|part| matches!(part.kind, Kind::Text)) {
        let what = "no introduction: say why a working programmer meets the question, and link what \
                    to read before";
        findings.add(file, first.line, what);
    }
}

/// Every section exists once, and in the right place.
fn order(findings: &mut Findings<'_>, file: &Path, sections: &[Section<'_, '_>]) {
    let place = |heading: &str| SECTIONS.iter().position(|wanted| *wanted == heading);
    let mut last: Option<usize> = None;
    for (index, section) in sections.iter().enumerate() {
        let heading = section.heading;
        let Some(place) = place(heading) else {
            let what = format_args!(
                "a chapter has no section `{heading}`: it has {}",
                SECTIONS.join(", ")
            );
            findings.add(file, section.line, what);
            continue;
        };
        if sections[..index].iter().any(|earlier| earlier.heading == heading) {
            findings.add(
                file,
                section.line,
                format_args!("a second section `{heading}`: keep one"),
            );
        } else if let Some(last) = last.filter(|last| place < *last) {
            let what =
                format_args!("`{heading}` comes too late: move it above `{}`", SECTIONS[last]);
            findings.add(file, section.line, what);
        }
        last = last.max(Some(place));
    }
    for (place, heading) in SECTIONS.iter().enumerate() {
        if *heading == MORE || sections.iter().any(|section| section.heading == *heading) {
            continue;
        }
        let mut before = SECTIONS[..place].iter().rev();
        let find = |heading: &&str| sections.iter().find(|section| section.heading == *heading);
        let (line, above) = match before.find_map(find) {
            Some(section) => (section.line, format!("`{}`", section.heading)),
            None => (1, "the introduction".to_owned()),
        };
        let what = format_args!("no section `{heading}`: write `## {heading}` below {above}");
        findings.add(file, line, what);
    }
}

/// The idea has few words, and a picture.
fn idea(findings: &mut Findings<'_>, file: &Path, section: &Section<'_, '_>) {
    at_most(findings, file, section, IDEA_WORDS);
    let is_picture = |part: &Part<'_>| {
        matches!(part.kind, Kind::Fence { .. }) || part.generated() == Some("lanes")
    };
    if !section.body.iter().any(is_picture) {
        let what = "no picture: draw one in a fenced block, or write <!-- lanes: scene --> and <!-- end -->";
        findings.add(file, section.line, what);
    }
}

fn at_most(findings: &mut Findings<'_>, file: &Path, section: &Section<'_, '_>, most: usize) {
    let words: usize = section.body.iter().map(|part| part.words).sum();
    if words > most {
        let what = format_args!("`{}` has {words} words, at most {most}: cut it", section.heading);
        findings.add(file, section.line, what);
    }
}

/// Three answers are folded, and one question asks for the output that is not legal.
fn questions(findings: &mut Findings<'_>, file: &Path, section: &Section<'_, '_>) {
    let count = |part: &str| -> usize {
        section.body.iter().map(|text| text.source.matches(part).count()).sum()
    };
    let answers = count("<details>");
    if answers != 3 {
        let what = format_args!(
            "{answers} answers in <details>: write three questions, each with its answer"
        );
        findings.add(file, section.line, what);
    }
    if count("can never appear") == 0 {
        let what = "no question about the order: ask which of some outputs can never appear, and which \
                    arrow forbids it";
        findings.add(file, section.line, what);
    }
}
