//! Output for people: standard output, which may be closed, and colours and a width if it is a terminal.

use std::fmt::Display;
use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::process::{Command, Stdio};

use transcript::{Drawing, Style, WIDTH};

use crate::answer::Failure;

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

/// The width to draw in: `COLUMNS`, or the terminal's width if there is a terminal.
pub(crate) fn width() -> usize {
    let named = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let columns = named.or_else(terminal_width);
    columns.filter(|columns| (20..=1_000).contains(columns)).unwrap_or(WIDTH)
}

/// The width that `stty` reports. std has no call for it, and few shells export `COLUMNS`.
fn terminal_width() -> Option<usize> {
    if !io::stdout().is_terminal() {
        return None;
    }
    let terminal = File::open("/dev/tty").ok()?;
    let mut stty = Command::new("stty");
    let size = stty.arg("size").stdin(terminal).stderr(Stdio::null()).output().ok()?;
    let size = String::from_utf8(size.stdout).ok()?;
    size.split_whitespace().nth(1)?.parse().ok()
}
