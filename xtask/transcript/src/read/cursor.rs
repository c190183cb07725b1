//! A position in one line of the file, moving from left to right.

use crate::error::{Mistake, Parsed, Source, Span};
use crate::model::{Comparison, MOST_DIGITS, Number};

/// The most digits of a number to calculate with: arithmetic on two of them fits into an `i64`.
const FEW_DIGITS: usize = 9;

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

    /// The rest of the line, up to byte `end`.
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

    /// An error about the text from here to the next blank.
    pub(crate) fn error(&self, message: impl Into<String>, help: impl Into<String>) -> Mistake {
        let word = self.rest().find(char::is_whitespace).unwrap_or(self.rest().len());
        let span = Span { line: self.line, start: self.at, end: self.at + word };
        self.source.error(span, message, help)
    }

    /// An error about the text since byte `start`.
    pub(crate) fn error_from(
        &self,
        start: usize,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Mistake {
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

    /// A number to calculate with, without a sign.
    pub(crate) fn whole(&mut self) -> Parsed<i64> {
        let start = self.at;
        self.digits(FEW_DIGITS)?;
        Ok(self.text[start..self.at].parse().expect("few digits are a number"))
    }

    fn digits(&mut self, most: usize) -> Parsed<()> {
        let rest = self.rest();
        let length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        if length == 0 {
            return Err(self.error("expected a number", "such as 3"));
        }
        let start = self.at;
        self.at += length;
        if length > most {
            return Err(self.error_from(
                start,
                "number too large",
                format!("at most {most} digits"),
            ));
        }
        Ok(())
    }

    /// `3`, `0.25` or `-1`.
    pub(crate) fn decimal(&mut self) -> Parsed<Number> {
        let start = self.at;
        self.eat("-");
        self.digits(MOST_DIGITS)?;
        if self.eat(".") {
            self.digits(MOST_DIGITS)?;
        }
        Ok(self.text[start..self.at].parse().expect("digits with one point are a number"))
    }

    pub(crate) fn comparison(&mut self) -> Parsed<Comparison> {
        use Comparison::{Above, AtLeast, AtMost, Below, Equal};
        let signs = [AtMost, AtLeast, Equal, Below, Above];
        if let Some(found) = signs.into_iter().find(|sign| self.eat(sign.sign())) {
            return Ok(found);
        }
        let help = match self.next() {
            Some('=') => "write `==`",
            _ => "one of ==, <=, >=, <, >",
        };
        Err(self.error("expected a comparison", help))
    }

    /// The text since byte `start`.
    pub(crate) fn since(&self, start: usize) -> &'a str {
        &self.text[start..self.at]
    }
}
