//! Text to transcript: lines, syntax tree, loops written out.

mod arrows;
mod cursor;
mod expand;
mod expr;
mod item;
mod parse;
mod rule;
mod scope;
mod syntax;
mod template;
mod terms;

pub(crate) use item::KEYWORDS;

use crate::error::{ParseError, Source};
use crate::model::Transcript;

type Parsed<T> = Result<T, ParseError>;

impl Transcript {
    /// Reads a transcript. `name` is what messages call the file.
    ///
    /// # Errors
    ///
    /// The first thing that is not understood, with its line, its column and what to write instead.
    pub fn parse(name: &str, text: &str) -> Result<Transcript, ParseError> {
        let source = Source { file: name, text };
        expand::expand(source, &parse::parse(source)?)
    }
}
