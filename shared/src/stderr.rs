//! Lines for people, on stderr.

use std::fmt::Display;
use std::io::{self, Write};

/// Writes a line by one call, so that it does not mix with the lines of other processes. If stderr cannot be written,
/// the program goes on without the line. `eprintln` makes a call for each part of its text, and panics.
pub(crate) fn print_line(line: impl Display) {
    let _ = io::stderr().write_all(format!("{line}\n").as_bytes());
}
