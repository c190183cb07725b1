//! Output for people: standard output, which may be closed, the colours of a verdict, lines that fit the width, numbers
//! in words, and bars.

use std::fmt;
use std::io::{self, Write};

use anstream::adapter::strip_str;
use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use console::{Term, measure_text_width};
use indicatif::{ProgressBar, ProgressStyle};
use transcript::WIDTH;

use crate::exit::{Error, Result};

pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const NOTE: Style = AnsiColor::Yellow.on_default();
pub(crate) const FAINT: Style = Style::new().dimmed();
pub(crate) const STRONG: Style = Style::new().bold();
pub(crate) const EMPHASIS: Style = Style::new().underline();
pub(crate) const CODE: Style = AnsiColor::Cyan.on_default();
pub(crate) const PLAIN: Style = Style::new();

/// Prints to standard output; colours are dropped if it is not a terminal.
pub(crate) fn print(text: impl fmt::Display) -> Result<()> {
    let mut stdout = anstream::stdout().lock();
    write!(stdout, "{text}").and_then(|()| stdout.flush()).map_err(|error| unwritable(&error))
}

/// The same, with a newline.
pub(crate) fn println(text: impl fmt::Display) -> Result<()> {
    print(format_args!("{text}\n"))
}

/// Prints to a terminal as it is. Where colours are unwanted, [`print()`] also drops what moves the cursor.
pub(crate) fn print_control(text: &str) -> Result<()> {
    let mut stdout = io::stdout().lock();
    write!(stdout, "{text}").and_then(|()| stdout.flush()).map_err(|error| unwritable(&error))
}

/// `text`, as [`print()`] would print it.
pub(crate) fn without_unwanted_colours(text: &str) -> String {
    match AutoStream::choice(&io::stdout()) {
        ColorChoice::Never => strip_str(text).to_string(),
        _ => text.to_owned(),
    }
}

/// Prints to standard error why a command has no answer.
pub(crate) fn complain(message: &str) {
    let text = format!("{}: {message}", paint(BAD, "error"));
    anstream::eprintln!("{}", fitted(text, &Term::stderr()));
}

/// The width of the reader's terminal.
pub(crate) fn width() -> usize {
    Term::stdout().size_checked().map_or(WIDTH, |(_, columns)| usize::from(columns))
}

/// `text` in lines as wide as the terminal. In a pipe each line stays one line, so that a program can read it.
pub(crate) fn fitted(text: String, terminal: &Term) -> String {
    match terminal.size_checked() {
        Some((_, columns)) => wrapped(&text, columns.into()),
        None => text,
    }
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

/// `text` in lines of at most `columns` columns, broken between words; continuation lines are indented further.
pub(crate) fn wrapped(text: &str, columns: usize) -> String {
    let mut rows = Vec::new();
    for line in text.lines() {
        let margin = line.len() - line.trim_start().len();
        let hanging = " ".repeat(margin + 4);
        let mut words = line[margin..].split(' ');
        let mut row = line[..margin].to_owned() + words.next().unwrap_or_default();
        for word in words {
            if measure_text_width(&row) + 1 + measure_text_width(word) > columns {
                rows.push(std::mem::replace(&mut row, hanging.clone()));
            } else {
                row.push(' ');
            }
            row.push_str(word);
        }
        rows.push(row);
    }
    rows.join("\n")
}

/// A paragraph, indented below the line to which it belongs.
pub(crate) fn indented(paragraph: &str) -> String {
    paragraph.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}

/// What a program has printed, in one row: its lines with a sign between them.
pub(crate) fn one_line(text: &str) -> String {
    text.lines().map(runner::escaped).collect::<Vec<_>>().join(" ⏎ ")
}

/// The text with a capital at its beginning.
pub(crate) fn capitalised(text: &str) -> String {
    let first = text.chars().take(1).flat_map(char::to_uppercase);
    first.chain(text.chars().skip(1)).collect()
}

/// `1 flaw`, `2 flaws`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// The same for a large number, which may be more than can be counted.
pub(crate) fn counted_many(count: u128, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        u128::MAX => format!("more than {} {noun}s", grouped(count)),
        count => format!("{} {noun}s", grouped(count)),
    }
}

/// `1234567` as `1,234,567`, and a number of more than fifteen digits as `1.2e16`.
pub(crate) fn grouped(number: u128) -> String {
    if number >= 1_000_000_000_000_000 {
        return format!("{:.1e}", number as f64);
    }
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A bar on stderr that counts steps and shows a message; hidden if stderr is not a terminal.
pub(crate) fn progress(steps: usize) -> ProgressBar {
    let bar = ProgressBar::new(steps as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}") {
        bar.set_style(style);
    }
    bar
}

/// A bar that is full if `share` is 1, padded with spaces to a width of `room`.
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
    fn lines_are_broken_between_words() {
        let text = "HUNG  stopped at its deadline\n    process 7: waits for a child, 8\n";
        let wanted = [
            "HUNG  stopped at its",
            "    deadline",
            "    process 7: waits",
            "        for a child,",
            "        8",
        ];
        assert_eq!(wrapped(text, 20), wanted.join("\n"));
        assert_eq!(wrapped(text, 100), text.trim_end());
        assert_eq!(
            wrapped("a-word-that-is-longer-than-a-row", 8),
            "a-word-that-is-longer-than-a-row"
        );
    }

    #[test]
    fn bars_are_as_long_as_shares_are_large() {
        assert_eq!(bar(1.0, 30), "█".repeat(30));
        assert_eq!(bar(0.5, 30).trim_end(), "█".repeat(15));
        assert_eq!(bar(1e-4, 30).trim_end(), "▏", "seen is seen");
        assert_eq!(bar(1e-4, 30).chars().count(), 30);
    }
}
