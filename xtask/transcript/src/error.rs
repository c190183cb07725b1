//! Where and why a text is not a transcript.

use std::fmt;

use unicode_width::UnicodeWidthStr;

/// A mistake in a transcript, with its place.
///
/// Displayed as the place, the source line with a caret below the mistake, and what to write instead:
///
/// ```text
/// who-am-i.txt:2:20: unknown type `pidd`
///   |
/// 2 | parent | parent {p:pidd}: about to fork
///   |                    ^^^^ one of pid, tid, int, secs, word or a range such as 1..3
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// What [`Transcript::parse`](crate::Transcript::parse) was told the file is called.
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
    /// Columns of the terminal that the mistake takes.
    width: usize,
}

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
    ) -> ParseError {
        let source = self.line(span.line);
        let start = span.start.min(source.len());
        let end = span.end.clamp(start, source.len());
        ParseError {
            file: self.file.to_owned(),
            line: span.line,
            column: source[..start].chars().count() + 1,
            message: message.into(),
            help: help.into(),
            source: source.to_owned(),
            width: source[start..end].width(),
        }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.line.to_string();
        let gutter = " ".repeat(number.len());
        let before: String = self.source.chars().take(self.column - 1).collect();
        writeln!(out, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)?;
        writeln!(out, "{gutter} |")?;
        writeln!(out, "{number} | {}", self.source)?;
        let indent = " ".repeat(before.width());
        let caret = "^".repeat(self.width.max(1));
        write!(out, "{gutter} | {indent}{caret} {}", self.help)
    }
}

impl std::error::Error for ParseError {}
