//! The one drawer of lanes: a column a lane, time runs down.
//!
//! [`picture`] draws what a transcript allows, [`run`] what a program printed, [`outline`] tells a transcript from the
//! outside in. Nothing here knows a terminal: a drawing is text in styles, and the caller chooses the colours.

mod canvas;
mod drawing;
mod outline;
mod picture;
mod run;

pub use drawing::{Drawing, Span, Style, WIDTH};
