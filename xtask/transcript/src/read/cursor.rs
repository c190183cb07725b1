//! A position in one line of the file, moving from left to right.

use super::Parsed;
use crate::error::{ParseError, Source, Span};
use crate::model::Comparison;

/// More digits than any number of a transcript needs, and few enough for `i64` arithmetic on two of them.
const MOST_DIGITS: usize = 9;

#[derive(Clone, Copy)]
pub(crate) struct Cursor<'a> {
    source: Source<'a>,
    line: usize,
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    /// At byte `at` of a line, counted from 1.
    pub(crate) fn new(source: Source<'a>, line: usize, text: &'a str, at: usize) -> Self {
        Cursor { source, line, text, at }
    }

    /// The same line up to byte `end`, from here.
    pub(crate) fn until(self, end: usize) -> Self {
        Cursor { text: &self.text[..end], ..self }
    }

    pub(crate) fn at(&self) -> usize {
        self.at
    }

    pub(crate) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(crate) fn next(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(crate) fn skip(&mut self, bytes: usize) {
        self.at += bytes;
    }

    pub(crate) fn span_from(&self, start: usize) -> Span {
        Span { line: self.line, start, end: self.at }
    }

    /// An error about what comes next, up to the next blank.
    pub(crate) fn error(&self, message: impl Into<String>, help: impl Into<String>) -> ParseError {
        let word = self.rest().find(char::is_whitespace).unwrap_or(self.rest().len());
        let span = Span { line: self.line, start: self.at, end: self.at + word };
        self.source.error(span, message, help)
    }

    /// An error about what was read since byte `start`.
    pub(crate) fn error_from(
        &self,
        start: usize,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> ParseError {
        self.source.error(self.span_from(start), message, help)
    }

    pub(crate) fn blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start_matches(' ').len();
    }

    pub(crate) fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    pub(crate) fn expect(&mut self, token: &str, help: &str) -> Parsed<()> {
        if self.eat(token) {
            return Ok(());
        }
        Err(self.error(format!("expected `{token}`"), help))
    }

    pub(crate) fn end(&mut self, help: &str) -> Parsed<()> {
        self.blanks();
        if self.rest().is_empty() {
            return Ok(());
        }
        Err(self.error("unexpected text", help))
    }

    /// How many bytes from here on are letters, digits or `_`.
    pub(crate) fn word_length(&self) -> usize {
        let rest = self.rest();
        rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len())
    }

    pub(crate) fn name(&mut self) -> Parsed<String> {
        let word = &self.rest()[..self.word_length()];
        if word.is_empty() || word.starts_with(char::is_numeric) {
            return Err(self.error("expected a name", "a letter, then letters, digits or `_`"));
        }
        self.at += word.len();
        Ok(word.to_owned())
    }

    pub(crate) fn digits(&mut self) -> Parsed<&'a str> {
        let rest = self.rest();
        let length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        if length == 0 {
            return Err(self.error("expected a number", "such as 3"));
        }
        if length > MOST_DIGITS {
            return Err(self.error("number too large", format!("at most {MOST_DIGITS} digits")));
        }
        self.at += length;
        Ok(&rest[..length])
    }

    /// `3` or `0.25`.
    pub(crate) fn decimal(&mut self) -> Parsed<f64> {
        let start = self.at;
        self.digits()?;
        if self.eat(".") {
            self.digits()?;
        }
        Ok(self.text[start..self.at].parse().expect("digits with one point are a number"))
    }

    pub(crate) fn comparison(&mut self) -> Parsed<Comparison> {
        use Comparison::{AtLeast, AtMost, Below, Equal};
        let found = [AtMost, AtLeast, Below, Equal].into_iter().find(|sign| self.eat(sign.sign()));
        found.ok_or_else(|| self.error("expected a comparison", "one of <=, =, >=, <"))
    }
}
