//! The quotations in a README: `says` blocks, which show what a check reports about a flaw.

use std::collections::HashMap;

use super::blocks::{self, Block, Piece, fence};
use crate::chapter::Chapter;
use crate::error::Result;
use crate::files::{read, write};
use crate::flaw::Flaw;

/// The quotations in one chapter, by scene and flaw; each is the body of its block.
#[derive(Debug, Default)]
pub struct Quotes(HashMap<[String; 2], String>);

impl Quotes {
    /// The width of a quotation, in columns.
    pub const COLUMNS: usize = 100;

    /// Reads the quotations in the chapter's README, if there is one.
    pub fn read(chapter: &Chapter) -> Result<Self> {
        let readme = chapter.readme();
        let text = if readme.exists() { read(&readme)? } else { String::new() };
        let quote = |block: &Block<'_>| Some((key(block)?, block.body.to_owned()));
        let pieces = blocks::pieces_of(chapter, &text)?;
        Ok(Self(pieces.iter().filter_map(Piece::block).filter_map(quote).collect()))
    }

    /// Whether the README has a block for the flaw.
    pub fn has(&self, flaw: &Flaw) -> bool {
        self.0.contains_key(&[flaw.scene.clone(), flaw.name.clone()])
    }

    /// Whether the README quotes `message` for the flaw. Measured figures may differ.
    pub fn says(&self, flaw: &Flaw, message: &str) -> bool {
        let said = unmeasured(&fence("text", message));
        let body = self.0.get(&[flaw.scene.clone(), flaw.name.clone()]);
        body.is_some_and(|body| unmeasured(body) == said)
    }

    /// Sets the quotation for the flaw to `message`.
    pub fn set(&mut self, flaw: &Flaw, message: &str) {
        self.0.insert([flaw.scene.clone(), flaw.name.clone()], fence("text", message));
    }

    /// Writes the quotations into the README.
    pub fn write(&self, chapter: &Chapter) -> Result<()> {
        let text = read(&chapter.readme())?;
        let pieces = blocks::pieces_of(chapter, &text)?;
        write(
            &chapter.readme(),
            blocks::rewrite(&pieces, |block| self.0.get(&key(block)?).cloned()),
        )
    }
}

/// The scene and the flaw that a `says` block names.
fn key(block: &Block<'_>) -> Option<[String; 2]> {
    match block.subject[..] {
        [scene, flaw] if block.kind == "says" => Some([scene, flaw].map(str::to_owned)),
        _ => None,
    }
}

/// The text with `#` for every measured figure and its sign, since each run measures another one. Measured figures are
/// decimal fractions, and the values of broken rules.
fn unmeasured(text: &str) -> String {
    let mut rest = text;
    let mut unmeasured = String::new();
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let is_figure = |c: char| c.is_ascii_digit() || c == '.';
        let length = rest[start..].find(|c| !is_figure(c)).unwrap_or(rest.len() - start);
        let figure = rest[start..start + length].trim_end_matches('.');
        let before = &rest[..start];
        let is_sum = rest[start + figure.len()..].starts_with(", but must be");
        if is_sum || figure.contains('.') {
            unmeasured.extend([before.strip_suffix('-').unwrap_or(before), "#"]);
        } else {
            unmeasured.extend([before, figure]);
        }
        rest = &rest[start + figure.len()..];
    }
    unmeasured + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_fractions_are_measured() {
        assert_eq!(
            unmeasured("{t} is 5.4, but must be < 5 (x.txt:7). 3."),
            "{t} is #, but must be < 5 (x.txt:7). 3."
        );
        assert_eq!(unmeasured("after 10.0 s"), unmeasured("after 9.97 s"));
        assert_eq!(unmeasured("is -0.1, at 1-2"), unmeasured("is 0.0, at 1-2"));
        assert_eq!(unmeasured("is 0, but must be >= 3"), unmeasured("is -0.1, but must be >= 3"));
        assert_ne!(unmeasured("worker 1"), unmeasured("worker 2"));
    }
}
