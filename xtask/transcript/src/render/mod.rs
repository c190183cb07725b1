//! Draws lanes: each lane is a column, and time runs down.
//!
//! [`picture`] draws what a transcript allows, and [`run`] what a program printed. [`outline`] describes a transcript
//! in full. Nothing here knows about terminals: a drawing is text with styles, and the caller chooses the colours.

mod canvas;
mod drawing;
mod outline;
mod picture;
mod run;

pub use drawing::{Drawing, Span, Style, WIDTH};
