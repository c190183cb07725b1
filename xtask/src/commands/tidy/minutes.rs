//! How long a chapter takes, and whether its manifest promises that.

use std::fmt::Write;

use course::blocks::{self, Piece};
use course::files::read;
use course::{Chapter, Scene};

use super::finding::{Findings, line_where};
use super::outline::{self, Outline, Part};
use super::text::{MORE, SCENES, named};
use crate::exit::Result;
use crate::terminal::counted;

/// How many words a reader reads in a minute.
const WORDS: usize = 200;
/// How many minutes a reader spends on a core scene: to predict, run and break it.
const SCENE: usize = 3;
/// The longest chapter, in minutes.
const MOST: usize = 45;

/// What a chapter demands of its reader.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Measure {
    chapter: String,
    /// The words of the text, without code, generated blocks and what is under "More scenes".
    words: usize,
    core_scenes: usize,
    /// The percentage of lines in the README that are generated.
    generated: usize,
    /// The minutes that the manifest promises.
    promised: usize,
}

/// Checks what the chapter's manifest promises.
pub(crate) fn check(
    findings: &mut Findings<'_>,
    chapter: &Chapter,
    scenes: &[Scene],
    pieces: &[Piece<'_>],
) -> Result<()> {
    let measure = Measure::new(chapter, scenes, pieces);
    let (least, promised) = (measure.least(), measure.promised);
    let Measure { words, core_scenes, .. } = measure;
    let manifest = chapter.folder.join("Cargo.toml");
    let line = line_where(&read(&manifest)?, |line| line.trim_start().starts_with("minutes"));
    let minutes = least.max(promised);
    if minutes > MOST {
        let what = format_args!(
            "{minutes} minutes, at most {MOST}: cut the chapter, or move scenes under `## {MORE}`"
        );
        findings.add(&manifest, line, what);
    } else if promised < least {
        let scenes = counted(core_scenes, "core scene");
        let what = format_args!(
            "{least} minutes at least, for {words} words and {scenes}: write `minutes = {least}`"
        );
        findings.add(&manifest, line, what);
    }
    Ok(())
}

/// A Markdown table of the chapters: what they demand of a reader, and what they promise.
pub(crate) fn table(chapters: &[&Chapter]) -> Result<String> {
    let mut measures = Vec::new();
    for chapter in chapters {
        let (text, scenes) = (read(&chapter.readme())?, chapter.scenes()?);
        let pieces = blocks::pieces_of(chapter, &text)?;
        measures.push(Measure::new(chapter, &scenes, &pieces));
    }
    let widest = measures.iter().map(|measure| measure.chapter.len()).chain([7]).max();
    let width = widest.unwrap_or_default();
    let mut table = format!(
        "| {:width$} | Words | Generated | Core scenes | Least minutes | Promised |\n\
         |-{:-<width$}-|------:|----------:|------------:|--------------:|---------:|\n",
        "Chapter", ""
    );
    for measure in measures {
        let least = measure.least();
        let Measure { chapter, words, core_scenes, generated, promised } = measure;
        _ = writeln!(
            table,
            "| {chapter:width$} | {words:>5} | {generated:>7} % | {core_scenes:>11} | {least:>13} | {promised:>8} |"
        );
    }
    Ok(table)
}

impl Measure {
    fn new(chapter: &Chapter, scenes: &[Scene], pieces: &[Piece<'_>]) -> Self {
        let outline = Outline::new(pieces);
        let words = |parts: &[Part<'_>]| parts.iter().map(|part| part.words).sum::<usize>();
        let sections = outline.sections(2);
        let more = sections.iter().filter(|section| section.heading == MORE);
        let skipped: usize = more.map(|section| words(section.body)).sum();
        let core = sections.iter().filter(|section| section.heading == SCENES);
        let core_scenes = core
            .flat_map(|section| outline::sections(section.body, 3))
            .flat_map(|section| named(section.heading).0)
            .filter(|name| scenes.iter().any(|scene| scene.name == *name))
            .count();
        let (mut generated, mut written) = (0, 0);
        for piece in pieces {
            match piece {
                Piece::Block(block) => generated += block.body.lines().count() + 2, // and its markers
                Piece::Prose(_, text) => written += text.lines().count(),
            }
        }
        Self {
            chapter: chapter.name.clone(),
            words: words(&outline.parts) - skipped,
            core_scenes,
            generated: 100 * generated / (generated + written).max(1),
            promised: chapter.minutes as usize,
        }
    }

    /// The fewest minutes that the manifest may promise.
    fn least(&self) -> usize {
        self.words.div_ceil(WORDS) + SCENE * self.core_scenes
    }
}
