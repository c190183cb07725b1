//! A text in Markdown, laid out for a terminal: parsed (`document`), put into lines (`page`, `table`, `wrap`), and
//! shown a screen at a time (`pager`). It knows Markdown, and nothing about the course.

mod document;
mod page;
mod pager;
mod table;
mod wrap;

pub(crate) use document::{Block, Inline, parse};
pub(crate) use page::{Page, columns};
pub(crate) use pager::show;
