//! The ratios of a chapter: for people, for programs, and as the table in its text.

use std::fmt::Write;

use bench::{Spread, digits};
use course::blocks::{self, Block, Piece};
use course::files::{read, write};
use course::{Chapter, Ratio};
use serde::Serialize;

use crate::exit::{Error, Result};
use crate::parallel::processors;
use crate::terminal::{NOTE, STRONG, counted, paint};

/// What was measured, or in a line why it could not be.
pub(super) type Attempt<T> = std::result::Result<T, String>;

/// The ratios of one chapter.
pub(super) struct Measured<'a> {
    pub(super) chapter: &'a Chapter,
    /// How often each scene was played.
    pub(super) rounds: u32,
    pub(super) ratios: Vec<(&'a Ratio, Attempt<Spread>)>,
    /// How much other programs used the machine meanwhile, in words, if it was much.
    pub(super) noise: Option<String>,
}

/// One line of the JSON form. A ratio that could not be measured is null.
#[derive(Serialize)]
struct Record<'a> {
    chapter: &'a str,
    run: String,
    what: &'a str,
    ratio: Option<f64>,
    least: Option<f64>,
    most: Option<f64>,
    rounds: u32,
}

/// The ratios of a chapter before they are measured.
pub(super) fn describe(chapter: &Chapter) -> String {
    let mut text = format!("{}\n", paint(STRONG, &chapter.name));
    for ratio in &chapter.ratios {
        _ = writeln!(text, "  {}: {}", ratio.scene(), ratio.what);
    }
    text + "\n"
}

/// An error if the chapter's text has no place for the table.
pub(super) fn find_place(chapter: &Chapter) -> Result<()> {
    pieces(chapter, &read(&chapter.readme())?).map(drop)
}

/// The pieces of the chapter's text, one of which is for the table.
fn pieces<'a>(chapter: &Chapter, text: &'a str) -> Result<Vec<Piece<'a>>> {
    let pieces = blocks::pieces_of(chapter, text)?;
    if pieces.iter().filter_map(Piece::block).all(|block| block.kind != "ratios") {
        return Err(Error::Question(format!(
            "lessons/{}/README.md:1: no place for the ratios: write <!-- ratios --> and <!-- end --> there",
            chapter.name
        )));
    }
    Ok(pieces)
}

impl Measured<'_> {
    /// How many ratios have no figure.
    pub(super) fn missing(&self) -> usize {
        self.ratios.iter().filter(|(_, figures)| figures.is_err()).count()
    }

    /// For people: a line for each ratio.
    pub(super) fn human(&self) -> String {
        let scene = self.ratios.iter().map(|(ratio, _)| ratio.scene().chars().count()).max();
        let what = self.ratios.iter().map(|(ratio, _)| ratio.what.chars().count()).max();
        let (scene, what) = (scene.unwrap_or(0), what.unwrap_or(0));
        let (name, runs) =
            (paint(STRONG, &self.chapter.name), counted(self.rounds as usize, "run"));
        let mut text = format!("{name}: medians of {runs}, with the least and the most\n");
        for (ratio, figures) in &self.ratios {
            let figures = match figures {
                Ok(spread) => format!("{:>6}   {}", digits(spread.median), range(spread)),
                Err(reason) => format!("{}: {reason}", paint(NOTE, "not measured")),
            };
            _ = writeln!(text, "  {:<scene$}  {:<what$}  {figures}", ratio.scene(), ratio.what);
        }
        text
    }

    /// For programs: a line for each ratio.
    pub(super) fn json(&self) -> Result<Vec<String>> {
        let line = |(ratio, figures): &(&Ratio, Attempt<Spread>)| {
            let spread = figures.as_ref().ok();
            serde_json::to_string(&Record {
                chapter: &self.chapter.name,
                run: ratio.run.join(" "),
                what: &ratio.what,
                ratio: spread.map(|spread| spread.median),
                least: spread.map(|spread| spread.least),
                most: spread.map(|spread| spread.most),
                rounds: self.rounds,
            })
        };
        let lines: serde_json::Result<_> = self.ratios.iter().map(line).collect();
        lines.map_err(|error| Error::Question(format!("cannot report: {error}")))
    }

    /// Writes the table into the text, unless a figure is missing.
    pub(super) fn write(&self) -> Result<()> {
        let name = &self.chapter.name;
        let Some(table) = self.table() else {
            anstream::eprintln!("{name}: the text keeps its table, since a ratio is missing");
            return Ok(());
        };
        let readme = self.chapter.readme();
        let text = read(&readme)?;
        let pieces = pieces(self.chapter, &text)?;
        let body = |block: &Block<'_>| (block.kind == "ratios").then(|| table.clone());
        Ok(write(&readme, blocks::rewrite(&pieces, body))?)
    }

    /// The table of the text; none if a figure is missing.
    fn table(&self) -> Option<String> {
        let mut text =
            "| Scene | What is compared | Ratio | Least and most |\n|---|---|---:|---|\n"
                .to_owned();
        for (ratio, figures) in &self.ratios {
            let spread = figures.as_ref().ok()?;
            _ = writeln!(text, "{} {} | {} |", ratio.head(), digits(spread.median), range(spread));
        }
        let runs = counted(self.rounds as usize, "run");
        let processors = counted(processors(), "processor");
        let command = format!("cargo xtask bench --chapters {}", self.chapter.name);
        _ = writeln!(text, "\nMedians of {runs} on {processors}. `{command}` measures them again.");
        if let Some(noise) = &self.noise {
            _ = writeln!(text, "But {noise}.");
        }
        Some(text)
    }
}

fn range(spread: &Spread) -> String {
    format!("{} to {}", digits(spread.least), digits(spread.most))
}
