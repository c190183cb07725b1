//! Lines for people, on stderr.

use std::fmt::Display;
use std::io::{self, Write};

/// Writes a line by one call. `eprintln` makes a call for each part of its text, so the lines of several processes may
/// mix. And it panics if stderr cannot be written; here the program goes on, without the line.
pub(crate) fn print_line(line: impl Display) {
    let _ = io::stderr().write_all(format!("{line}\n").as_bytes());
}
