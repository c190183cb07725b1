//! Rules: `always`, `finally` or `seen`, a sum, a comparison, a sum.

use super::cursor::Cursor;
use super::syntax::{ItemKind, RuleSyntax, TermSyntax};
use super::template::template;
use crate::error::Parsed;
use crate::model::{FACTOR_DIGITS, Factor, MOST_RUNS, MOST_TERMS, OwnKind, When};

const SHAPE: &str = "a term is \"text\", a number or, in `finally` and `seen`, a bound {variable}; \
                     `2 *` may come before it";

/// After the word `always` or `finally`.
pub(crate) fn rule(
    cursor: &mut Cursor<'_>,
    kinds: &[OwnKind],
    timing: bool,
    when: When,
) -> Parsed<ItemKind> {
    let rule = comparison(cursor, kinds, when)?;
    cursor.end("a rule is `always` or `finally`, a sum, one of ==, <=, >=, <, >, and a sum")?;
    Ok(ItemKind::Rule { timing, rule })
}

/// After the word `seen`: a comparison as in `finally`, then `in 5 runs`.
pub(crate) fn seen(cursor: &mut Cursor<'_>, kinds: &[OwnKind]) -> Parsed<ItemKind> {
    const SHAPE: &str = "say in how many runs: `seen {total} < 10 in 5 runs`";
    let rule = comparison(cursor, kinds, When::Finally)?;
    cursor.blanks();
    cursor.expect("in ", SHAPE)?;
    cursor.blanks();
    let start = cursor.at();
    let runs = cursor.whole()?;
    let runs = match u32::try_from(runs) {
        Ok(runs) if (2..=MOST_RUNS).contains(&runs) => runs,
        _ => {
            let help =
                format!("from 2 to {MOST_RUNS}; what every run must satisfy is a `finally` rule");
            return Err(cursor.error_from(start, "no such number of runs", help));
        }
    };
    cursor.blanks();
    cursor.expect("runs", SHAPE)?;
    cursor.end("nothing follows the number of runs")?;
    Ok(ItemKind::Seen { rule, runs })
}

fn comparison(cursor: &mut Cursor<'_>, kinds: &[OwnKind], when: When) -> Parsed<RuleSyntax> {
    let start = cursor.at();
    let left = sum(cursor, kinds, when)?;
    cursor.blanks();
    let sign_at = cursor.at() - start;
    let comparison = cursor.comparison()?;
    let right = sum(cursor, kinds, when)?;
    if left.len() + right.len() > MOST_TERMS {
        let help = format!("at most {MOST_TERMS} terms");
        return Err(cursor.error_from(start, "a rule too long", help));
    }
    let source = cursor.since(start).trim_end().to_owned();
    Ok(RuleSyntax { when, left, comparison, right, source, sign_at })
}

fn sum(
    cursor: &mut Cursor<'_>,
    kinds: &[OwnKind],
    when: When,
) -> Parsed<Vec<(Factor, TermSyntax)>> {
    cursor.blanks();
    let mut sign = if cursor.eat("-") { -1 } else { 1 };
    let mut terms = Vec::new();
    loop {
        let (factor, term) = product(cursor, kinds, when)?;
        terms.push((sign * factor, term));
        cursor.blanks();
        sign = match cursor.next() {
            Some('+') => 1,
            Some('-') => -1,
            _ => return Ok(terms),
        };
        cursor.skip(1);
    }
}

/// A term, or `2 *` and a term.
fn product(cursor: &mut Cursor<'_>, kinds: &[OwnKind], when: When) -> Parsed<(Factor, TermSyntax)> {
    cursor.blanks();
    let start = cursor.at();
    if !cursor.next().is_some_and(|c| c.is_ascii_digit()) {
        let term = (1, term(cursor, kinds, when)?);
        cursor.blanks();
        if cursor.next() == Some('*') {
            return Err(
                cursor.error("a factor after its term", "write it before the term: `2 * \"text\"`")
            );
        }
        return Ok(term);
    }
    let number = cursor.decimal()?;
    let factor = cursor.since(start);
    cursor.blanks();
    if !cursor.eat("*") {
        return Ok((1, TermSyntax::Number(number)));
    }
    match factor.parse() {
        Ok(factor_value) if factor.len() <= FACTOR_DIGITS => {
            Ok((factor_value, term(cursor, kinds, when)?))
        }
        _ => {
            let help = format!("a whole number of at most {FACTOR_DIGITS} digits");
            Err(cursor.error_from(start, "not a factor", help))
        }
    }
}

fn term(cursor: &mut Cursor<'_>, kinds: &[OwnKind], when: When) -> Parsed<TermSyntax> {
    cursor.blanks();
    let start = cursor.at();
    if cursor.eat("\"") {
        let text = template(cursor, kinds, Some('"'))?;
        cursor.expect("\"", "close the text with `\"`")?;
        if text.0.is_empty() {
            let help = "every line contains it: write what to count";
            return Err(cursor.error_from(start, "an empty text", help));
        }
        return Ok(TermSyntax::Text(text, cursor.span_from(start)));
    }
    if cursor.eat("{") {
        let name = cursor.name()?;
        cursor.expect("}", SHAPE)?;
        let span = cursor.span_from(start);
        if when == When::Always {
            let help = "its value is known at the end: write `finally`";
            return Err(cursor.error_from(start, "a variable in `always`", help));
        }
        return Ok(TermSyntax::Variable(name, span));
    }
    if cursor.next().is_some_and(|c| c.is_ascii_digit()) {
        return cursor.decimal().map(TermSyntax::Number);
    }
    Err(cursor.error("expected a term", SHAPE))
}
