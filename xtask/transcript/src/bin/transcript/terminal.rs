//! What people see: standard output that may be closed, and colours where somebody sees them.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use transcript::{Drawing, Style, WIDTH};

use crate::Failure;

/// Prints a line.
pub(crate) fn println(text: impl Display) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{text}").and_then(|()| stdout.flush()).map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Failure::NoReader,
        _ => Failure::Question(format!("cannot write to standard output: {error}")),
    })
}

/// A drawing as the terminal can show it.
pub(crate) fn coloured(drawing: &Drawing) -> String {
    drawing.paint(|style, text| match style {
        Style::Heading => paint("1", text),
        Style::Faint => paint("2", text),
        Style::Fault => paint("1;31", text),
        Style::Note => paint("33", text),
        _ => text.to_owned(),
    })
}

pub(crate) fn good(text: &str) -> String {
    paint("32", text)
}

pub(crate) fn bad(text: &str) -> String {
    paint("1;31", text)
}

pub(crate) fn note(text: &str) -> String {
    paint("33", text)
}

/// Text between escape sequences, on a terminal whose user wants colours.
fn paint(code: &str, text: &str) -> String {
    let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if unwanted || !io::stdout().is_terminal() {
        return text.to_owned();
    }
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}

/// Columns to draw in: what a shell that exports `COLUMNS` says.
pub(crate) fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    columns.filter(|columns| (20..=1_000).contains(columns)).unwrap_or(WIDTH)
}
