//! Where and why a text is not a transcript.

use std::fmt;

use unicode_width::UnicodeWidthStr;

use crate::text::visible;

/// Why a text is not a transcript: its mistakes, from the first line to the last.
///
/// Displayed as one paragraph for each mistake, with an empty line between two of them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParseError {
    /// At least one, and at most ten.
    pub mistakes: Vec<Mistake>,
    /// How many more there are.
    pub more: usize,
}

/// The most mistakes that one error lists.
const MOST_MISTAKES: usize = 10;

/// A mistake in a transcript, with its place.
///
/// Displayed as the place, the source line with a caret below the mistake, and what to write instead:
///
/// ```text
/// who-am-i.txt:2:20: unknown kind `pidd`
///   |
/// 2 | parent | parent {p:pidd}: about to fork
///   |                    ^^^^ one of pid, tid, int, secs, word, text, or a range such as 1..=3
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mistake {
    /// The file's name, as given to [`Transcript::parse`](crate::Transcript::parse).
    pub file: String,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: String,
    /// The line itself.
    source: String,
    /// How many columns of a terminal the mistake takes.
    width: usize,
}

pub(crate) type Parsed<T> = Result<T, Mistake>;

/// A text that is being read, with its file's name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) file: &'a str,
    pub(crate) text: &'a str,
}

/// A place in a source text: a line from 1, and a range of bytes in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Span {
    pub(crate) line: usize,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Span {
    pub(crate) fn whole_line(line: usize) -> Span {
        Span { line, start: 0, end: usize::MAX }
    }
}

impl<'a> Source<'a> {
    pub(crate) fn line(&self, number: usize) -> &'a str {
        self.text.lines().nth(number - 1).unwrap_or_default()
    }

    pub(crate) fn error(
        &self,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Mistake {
        let source = self.line(span.line);
        let start = span.start.min(source.len());
        let end = span.end.clamp(start, source.len());
        Mistake {
            file: self.file.to_owned(),
            line: span.line,
            column: source[..start].chars().count() + 1,
            message: message.into(),
            help: help.into(),
            source: source.to_owned(),
            width: visible(&source[start..end]).width(),
        }
    }
}

impl ParseError {
    /// All mistakes that were found, one for each place; none if there are none.
    pub(crate) fn of(mut mistakes: Vec<Mistake>) -> Option<ParseError> {
        // Each turn of a loop makes the same mistake.
        mistakes.sort_by_key(|mistake| (mistake.line, mistake.column));
        mistakes.dedup_by_key(|mistake| (mistake.line, mistake.column));
        let more = mistakes.len().saturating_sub(MOST_MISTAKES);
        mistakes.truncate(MOST_MISTAKES);
        (!mistakes.is_empty()).then_some(ParseError { mistakes, more })
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, mistake) in self.mistakes.iter().enumerate() {
            let gap = if index == 0 { "" } else { "\n\n" };
            write!(out, "{gap}{mistake}")?;
        }
        match self.more {
            0 => Ok(()),
            more => write!(out, "\n\nand {more} more"),
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.line.to_string();
        let gutter = " ".repeat(number.len());
        let before: String = self.source.chars().take(self.column - 1).collect();
        let (file, message) = (visible(&self.file), visible(&self.message));
        writeln!(out, "{file}:{}:{}: {message}", self.line, self.column)?;
        writeln!(out, "{gutter} |")?;
        writeln!(out, "{number} | {}", visible(&self.source))?;
        let indent = " ".repeat(visible(&before).width());
        let caret = "^".repeat(self.width.max(1));
        write!(out, "{gutter} | {indent}{caret} {}", visible(&self.help))
    }
}

impl std::error::Error for ParseError {}

impl std::error::Error for Mistake {}
