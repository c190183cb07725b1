//! Which scenes a chapter's text has, and where: the core scenes first, each scene once.

use super::finding::Findings;
use super::outline::{Kind, Part, Section, sections};
use super::section::SceneSection;
use super::text::{ChapterText, MORE, SCENES, named};

/// The most core scenes of a chapter.
const CORE: usize = 6;

/// Checks the sections about scenes: each scene has one, in the order of the table.
pub(crate) fn check(
    findings: &mut Findings<'_>,
    text: &ChapterText<'_>,
    chapter_sections: &[Section<'_, '_>],
) {
    let mut told: Vec<&str> = Vec::new();
    for place in chapter_sections.iter().filter(|place| [SCENES, MORE].contains(&place.heading)) {
        let before = told.len();
        for section in &sections(place.body, 3) {
            one(findings, text, section, &mut told);
        }
        if place.heading == SCENES {
            introduction(findings, text, place);
            let count = told.len() - before;
            if count > CORE {
                let what = format_args!(
                    "{count} core scenes, at most {CORE}: move some of them under `## {MORE}`"
                );
                findings.add(text.file, place.line, what);
            }
        }
    }
    let line = chapter_sections.iter().find(|place| place.heading == SCENES);
    let line = line.map_or(1, |place| place.line);
    let names = text.scenes.iter().map(|scene| scene.name.as_str());
    let (order, untold): (Vec<&str>, Vec<&str>) = names.partition(|name| told.contains(name));
    for name in untold {
        let what = format_args!("no section about `{name}`: write ### `{name}`: a short title");
        findings.add(text.file, line, what);
    }
    if told != order {
        let what = format_args!(
            "the scenes are not in the order of main.rs, which is {}: change one of the two",
            order.join(", ")
        );
        findings.add(text.file, line, what);
    }
}

/// Checks one section, and adds its scenes to `told`, the scenes that have a section.
fn one<'a>(
    findings: &mut Findings<'_>,
    text: &ChapterText<'_>,
    section: &Section<'_, 'a>,
    told: &mut Vec<&'a str>,
) {
    let (mut names, is_whole) = named(section.heading);
    if !is_whole {
        let what = format_args!(
            "not the heading of a scene: write ### `{}`: a short title",
            names.first().unwrap_or(&"scene-name")
        );
        findings.add(text.file, section.line, what);
    }
    names.retain(|name| {
        let is_scene = text.scenes.iter().any(|scene| scene.name == *name);
        if !is_scene {
            let what = format_args!("`{name}` is not a scene: rename or remove the section");
            findings.add(text.file, section.line, what);
        }
        is_scene
    });
    for name in &names {
        if told.contains(name) {
            let what = format_args!("a second section about `{name}`: keep one");
            findings.add(text.file, section.line, what);
        } else {
            told.push(name);
        }
    }
    if !names.is_empty() {
        SceneSection { text, names, section }.check(findings);
    }
}

/// Checks that the command which plays all scenes is above the first of them.
fn introduction(findings: &mut Findings<'_>, text: &ChapterText<'_>, place: &Section<'_, '_>) {
    let command = format!("cargo run -p {}", text.chapter.package);
    let is_heading = |part: &Part<'_>| matches!(part.kind, Kind::Heading(_));
    let mut parts = place.body.iter().take_while(|part| !is_heading(part));
    if !parts.any(|part| part.source.contains(&command)) {
        let what =
            format_args!("no command for all scenes: write `{command}` above the first of them");
        findings.add(text.file, place.line, what);
    }
}
