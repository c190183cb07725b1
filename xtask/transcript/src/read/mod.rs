//! From text to transcript: lines, then a syntax tree, then events with loops written out.

mod arrows;
mod cursor;
mod expand;
mod expr;
mod item;
mod parse;
mod parser;
mod rule;
mod scope;
mod syntax;
mod template;
mod terms;

pub(crate) use item::KEYWORDS;
pub use parser::Parser;
