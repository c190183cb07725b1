//! What people see: standard output that may be closed, and the colours of a verdict.

use std::fmt;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use crate::answer::{Error, Result};

pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const NOTE: Style = AnsiColor::Yellow.on_default();
pub(crate) const FAINT: Style = Style::new().dimmed();
pub(crate) const STRONG: Style = Style::new().bold();

/// Prints to standard output; colours are dropped where nobody can see them.
pub(crate) fn print(text: impl fmt::Display) -> Result<()> {
    let mut stdout = anstream::stdout().lock();
    write!(stdout, "{text}").and_then(|()| stdout.flush()).map_err(|error| unwritable(&error))
}

/// The same, with an end of line.
pub(crate) fn println(text: impl fmt::Display) -> Result<()> {
    print(format_args!("{text}\n"))
}

fn unwritable(error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Error::NoReader,
        _ => Error::Question(format!("cannot write to standard output: {error}")),
    }
}

/// `text` in `style`, to be printed through [`print()`] or `anstream`.
pub(crate) fn paint(style: Style, text: impl fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}

/// `1 flaw`, `2 flaws`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// A bar that is full where `share` is 1; padded with spaces to a length of `room`.
pub(crate) fn bar(share: f64, room: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = ((room * 8) as f64 * share.clamp(0.0, 1.0)).ceil() as usize;
    let bar = "█".repeat(eighths / 8) + EIGHTHS[eighths % 8];
    let missing = room - bar.chars().count();
    bar + &" ".repeat(missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_long_as_shares_are_large() {
        assert_eq!(bar(1.0, 30), "█".repeat(30));
        assert_eq!(bar(0.5, 30).trim_end(), "█".repeat(15));
        assert_eq!(bar(1e-4, 30).trim_end(), "▏", "seen is seen");
        assert_eq!(bar(1e-4, 30).chars().count(), 30);
    }
}
