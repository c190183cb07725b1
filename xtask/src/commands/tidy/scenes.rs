//! Which scenes a chapter's text has, and where: the core scenes first, each scene once.

use std::path::Path;

use super::finding::Findings;
use super::form::{ChapterText, MORE, SCENES, named};
use super::outline::{Kind, Part, Section, sections};
use super::section::SceneSection;

/// The most scenes that carry a chapter.
const CORE: usize = 6;

/// Checks the sections about scenes: each scene has one, in the order of the table.
pub(crate) fn check(
    findings: &mut Findings<'_>,
    text: &ChapterText<'_>,
    chapter_sections: &[Section<'_, '_>],
) {
    let ChapterText { chapter, scenes, file, .. } = *text;
    let mut told: Vec<&str> = Vec::new();
    for place in chapter_sections.iter().filter(|place| [SCENES, MORE].contains(&place.heading)) {
        let before = told.len();
        for section in &sections(place.body, 3) {
            let (names, is_whole) = named(section.heading);
            if !is_whole {
                let what = format_args!(
                    "not the heading of a scene: write ### `{}`: a short title",
                    names.first().unwrap_or(&"scene-name")
                );
                findings.add(file, section.line, what);
            }
            let is_scene = |name: &&str| scenes.iter().any(|scene| scene.name == **name);
            for name in &names {
                if !is_scene(name) {
                    let what = format_args!("`{name}` is no scene: rename or remove the section");
                    findings.add(file, section.line, what);
                } else if told.contains(name) {
                    let what = format_args!("a second section about `{name}`: keep one");
                    findings.add(file, section.line, what);
                } else {
                    told.push(name);
                }
            }
            let names: Vec<&str> = names.into_iter().filter(is_scene).collect();
            if !names.is_empty() {
                SceneSection { text, names, section }.check(findings);
            }
        }
        let count = told.len() - before;
        if place.heading == SCENES {
            introduction(findings, file, &chapter.package, place);
            if count > CORE {
                let what = format_args!(
                    "{count} core scenes, at most {CORE}: move some of them under `## {MORE}`"
                );
                findings.add(file, place.line, what);
            }
        }
    }
    let line =
        chapter_sections.iter().find(|place| place.heading == SCENES).map_or(1, |place| place.line);
    for scene in scenes.iter().filter(|scene| !told.contains(&scene.name.as_str())) {
        let what =
            format_args!("no section about `{0}`: write ### `{0}`: a short title", scene.name);
        findings.add(file, line, what);
    }
    let order: Vec<&str> =
        scenes.iter().map(|scene| scene.name.as_str()).filter(|name| told.contains(name)).collect();
    if told != order {
        let what = format_args!(
            "the scenes are not in the order of main.rs, which is {}: change one of the two",
            order.join(", ")
        );
        findings.add(file, line, what);
    }
}

/// Above the first scene a reader finds the command that plays all of them.
fn introduction(findings: &mut Findings<'_>, file: &Path, package: &str, place: &Section<'_, '_>) {
    let command = format!("cargo run -p {package}");
    let is_scene = |part: &Part<'_>| matches!(part.kind, Kind::Heading(_));
    let mut parts = place.body.iter().take_while(|part| !is_scene(part));
    if !parts.any(|part| part.source.contains(&command)) {
        let what =
            format_args!("no command for all scenes: write `{command}` above the first of them");
        findings.add(file, place.line, what);
    }
}
