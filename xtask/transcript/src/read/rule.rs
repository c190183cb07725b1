//! Rules: `always` or `finally`, a sum, a comparison, a sum.

use super::Parsed;
use super::cursor::Cursor;
use super::syntax::{ItemKind, RuleSyntax, TermSyntax};
use super::template::template;
use crate::model::{Sign, When};

/// Behind the word `always` or `finally`.
pub(crate) fn rule(cursor: &mut Cursor<'_>, timing: bool, when: When) -> Parsed<ItemKind> {
    let (start, source) = (cursor.at(), cursor.rest().trim_end().to_owned());
    let left = sum(cursor, when)?;
    cursor.blanks();
    let sign_at = cursor.at() - start;
    let comparison = cursor.comparison()?;
    let right = sum(cursor, when)?;
    cursor.end("a rule is `always` or `finally`, a sum, one of <=, =, >=, <, and a sum")?;
    let rule = RuleSyntax { when, left, comparison, right, source, sign_at };
    Ok(ItemKind::Rule { timing, rule })
}

fn sum(cursor: &mut Cursor<'_>, when: When) -> Parsed<Vec<(Sign, TermSyntax)>> {
    let mut terms = vec![(1, term(cursor, when)?)];
    loop {
        cursor.blanks();
        let sign = match cursor.next() {
            Some('+') => 1,
            Some('-') => -1,
            _ => return Ok(terms),
        };
        cursor.skip(1);
        terms.push((sign, term(cursor, when)?));
    }
}

fn term(cursor: &mut Cursor<'_>, when: When) -> Parsed<TermSyntax> {
    const SHAPE: &str = "a term is \"text\", a number or, in `finally`, a bound {variable}";
    cursor.blanks();
    let start = cursor.at();
    if cursor.eat("\"") {
        let text = template(cursor, Some('"'))?;
        cursor.expect("\"", "close the text with `\"`")?;
        if text.0.is_empty() {
            let help = "every line contains it; name what to count";
            return Err(cursor.error_from(start, "an empty text", help));
        }
        return Ok(TermSyntax::Text(text));
    }
    if cursor.eat("{") {
        let name = cursor.name()?;
        cursor.expect("}", SHAPE)?;
        if when == When::Always {
            let help = "its value is known at the end: write `finally`";
            return Err(cursor.error_from(start, "a variable in `always`", help));
        }
        return Ok(TermSyntax::Variable(name, cursor.span_from(start)));
    }
    if cursor.next().is_some_and(|c| c.is_ascii_digit()) {
        return cursor.decimal().map(TermSyntax::Number);
    }
    Err(cursor.error("expected a term", SHAPE))
}
