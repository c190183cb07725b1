//! Reads one source line from left to right.

use crate::error::{ParseError, Span};
use crate::syntax::{Bound, Comparison, Expr, Hole, Part, Template, TypeSyntax};

pub(crate) type Parsed<T> = Result<T, ParseError>;

/// More digits than any number of a transcript needs, and few enough for `i64` arithmetic on two of them.
const MOST_DIGITS: usize = 9;

/// Parentheses inside one hole: enough for a person, and too few to exhaust the stack.
const DEEPEST: usize = 20;

/// A position in one line of a file.
#[derive(Clone, Copy)]
pub(crate) struct Cursor<'a> {
    file: &'a str,
    whole: &'a str,
    line: usize,
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(file: &'a str, whole: &'a str, line: usize, text: &'a str) -> Self {
        Cursor {
            file,
            whole,
            line,
            text,
            at: 0,
        }
    }

    /// The same line up to byte `end`, from here.
    pub(crate) fn until(self, end: usize) -> Self {
        Cursor {
            text: &self.text[..end],
            ..self
        }
    }

    pub(crate) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(crate) fn at(&self) -> usize {
        self.at
    }

    pub(crate) fn skip(&mut self, bytes: usize) {
        self.at += bytes;
    }

    pub(crate) fn span_from(&self, start: usize) -> Span {
        Span {
            line: self.line,
            start,
            end: self.at,
        }
    }

    /// An error about what comes next, up to the next blank.
    pub(crate) fn error(&self, message: impl Into<String>, help: impl Into<String>) -> ParseError {
        let word = self
            .rest()
            .find(char::is_whitespace)
            .unwrap_or(self.rest().len());
        let span = Span {
            line: self.line,
            start: self.at,
            end: self.at + word,
        };
        self.error_at(span, message, help)
    }

    pub(crate) fn error_at(
        &self,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> ParseError {
        ParseError::new(self.file, self.whole, span, message, help)
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

    pub(crate) fn name(&mut self) -> Parsed<String> {
        let rest = self.rest();
        let length = rest
            .find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .unwrap_or(rest.len());
        if length == 0 || rest.starts_with(|c: char| c.is_numeric()) {
            return Err(self.error("expected a name", "a letter, then letters, digits or `_`"));
        }
        self.at += length;
        Ok(rest[..length].to_owned())
    }

    fn digits(&mut self) -> Parsed<&'a str> {
        let rest = self.rest();
        let length = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
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
        Ok(self.text[start..self.at]
            .parse()
            .expect("digits with one point are a number"))
    }

    pub(crate) fn comparison(&mut self) -> Parsed<Comparison> {
        let signs = [
            Comparison::AtMost,
            Comparison::AtLeast,
            Comparison::Below,
            Comparison::Equal,
        ];
        let found = signs.into_iter().find(|sign| self.eat(sign.sign()));
        found.ok_or_else(|| self.error("expected a comparison", "one of <=, =, >=, <"))
    }

    /// Sums of products of numbers, names and parentheses.
    pub(crate) fn expr(&mut self) -> Parsed<Expr> {
        self.sum(0)
    }

    fn sum(&mut self, depth: usize) -> Parsed<Expr> {
        self.chain(&['+', '-'], |cursor| {
            cursor.chain(&['*', '/', '%'], |cursor| cursor.atom(depth))
        })
    }

    fn chain(&mut self, signs: &[char], part: impl Fn(&mut Self) -> Parsed<Expr>) -> Parsed<Expr> {
        let start = self.at;
        let mut left = part(self)?;
        loop {
            self.blanks();
            let Some(sign) = self.rest().chars().next().filter(|c| signs.contains(c)) else {
                return Ok(left);
            };
            self.at += 1;
            let right = part(self)?;
            left = Expr::Operation(left.into(), sign, right.into(), self.span_from(start));
        }
    }

    fn atom(&mut self, depth: usize) -> Parsed<Expr> {
        self.blanks();
        if depth == DEEPEST {
            return Err(self.error(
                "too many parentheses",
                format!("at most {DEEPEST} inside one another"),
            ));
        }
        if self.eat("(") {
            let inner = self.sum(depth + 1)?;
            self.blanks();
            self.expect(")", "close the parenthesis")?;
            return Ok(inner);
        }
        if self.eat("-") {
            let number = self.digits()?;
            return Ok(Expr::Number(-number.parse::<i64>().expect("few digits")));
        }
        if self.rest().starts_with(|c: char| c.is_ascii_digit()) {
            return Ok(Expr::Number(self.digits()?.parse().expect("few digits")));
        }
        let start = self.at;
        let name = self.name()?;
        Ok(Expr::Name(name, self.span_from(start)))
    }

    /// `a..b`
    pub(crate) fn range(&mut self) -> Parsed<(Expr, Expr)> {
        let from = self.expr()?;
        self.blanks();
        self.expect("..", "a range such as 1..3, both ends included")?;
        Ok((from, self.expr()?))
    }

    /// Text with holes, up to `end` or to the end of the line.
    pub(crate) fn template(&mut self, end: Option<char>) -> Parsed<Template> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        while let Some(c) = self.rest().chars().next().filter(|c| Some(*c) != end) {
            if self.eat("{{") {
                literal.push('{');
            } else if self.eat("}}") {
                literal.push('}');
            } else if c == '}' {
                return Err(self.error(
                    "a closing brace without an opening one",
                    "write `}}` for a literal brace",
                ));
            } else if c == '{' {
                if !literal.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut literal)));
                }
                let start = self.at;
                let hole = self.hole()?;
                parts.push(Part::Hole(hole, self.span_from(start)));
            } else if end == Some('"') && self.eat("\\\"") {
                literal.push('"');
            } else {
                literal.push(c);
                self.at += c.len_utf8();
            }
        }
        if !literal.is_empty() {
            parts.push(Part::Text(literal));
        }
        Ok(Template(parts))
    }

    fn hole(&mut self) -> Parsed<Hole> {
        let start = self.at;
        self.skip(1);
        let closed = "close the hole with `}`, or write `{{` for a literal brace";
        if !self.rest().contains('}') {
            let span = Span {
                line: self.line,
                start,
                end: self.text.len(),
            };
            return Err(self.error_at(span, "this hole never ends", closed));
        }
        let mut ahead = *self;
        if let Ok(name) = ahead.name()
            && ahead.eat(":")
        {
            *self = ahead;
            let kind = self.kind()?;
            self.blanks();
            let bound = if self.rest().starts_with('}') {
                None
            } else {
                Some(self.bound()?)
            };
            self.blanks();
            self.expect("}", closed)?;
            return Ok(Hole::Bind { name, kind, bound });
        }
        let expr = self.expr()?;
        self.blanks();
        self.expect("}", closed)?;
        Ok(Hole::Expr(expr))
    }

    fn kind(&mut self) -> Parsed<TypeSyntax> {
        let known = [
            ("pid", TypeSyntax::Pid),
            ("tid", TypeSyntax::Tid),
            ("int", TypeSyntax::Int),
            ("secs", TypeSyntax::Secs),
            ("word", TypeSyntax::Word),
        ];
        let rest = self.rest();
        let length = rest
            .find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .unwrap_or(rest.len());
        for (word, kind) in known {
            if rest[..length] == *word {
                self.at += length;
                return Ok(kind);
            }
        }
        if let Ok((from, to)) = { *self }.range() {
            self.range()?;
            return Ok(TypeSyntax::Range(from, to));
        }
        let help = "one of pid, tid, int, secs, word or a range such as 1..3";
        let span = Span {
            line: self.line,
            start: self.at,
            end: self.at + length,
        };
        Err(self.error_at(span, format!("unknown type `{}`", &rest[..length]), help))
    }

    fn bound(&mut self) -> Parsed<Bound> {
        let comparison = self.comparison()?;
        self.blanks();
        Ok(Bound {
            comparison,
            limit: self.decimal()?,
        })
    }
}
