//! Arithmetic: sums of products of numbers, names and parentheses.

use super::cursor::Cursor;
use super::syntax::Expr;
use crate::error::Parsed;

/// How deep parentheses may nest: enough for a person, and too little to exhaust the stack.
const DEEPEST: usize = 20;

pub(crate) fn expr(cursor: &mut Cursor<'_>) -> Parsed<Expr> {
    sum(cursor, 0)
}

/// `a..=b`
pub(crate) fn range(cursor: &mut Cursor<'_>) -> Parsed<(Expr, Expr)> {
    let start = cursor.at();
    let from = expr(cursor)?;
    let from_text = cursor.since(start).trim_end();
    cursor.expect("..", "a range such as 1..=3, both ends included")?;
    let both = cursor.eat("=");
    let to_start = cursor.at();
    let to = expr(cursor)?;
    if both {
        return Ok((from, to));
    }
    let to_text = cursor.since(to_start).trim();
    let help = format!("write `{from_text}..={to_text}`: both ends are included");
    Err(cursor.error_from(start, "a range without `=`", help))
}

fn sum(cursor: &mut Cursor<'_>, depth: usize) -> Parsed<Expr> {
    let product = |cursor: &mut Cursor<'_>| chain(cursor, "*/%", |cursor| atom(cursor, depth));
    chain(cursor, "+-", product)
}

fn chain(
    cursor: &mut Cursor<'_>,
    signs: &str,
    part: impl Fn(&mut Cursor<'_>) -> Parsed<Expr>,
) -> Parsed<Expr> {
    let start = cursor.at();
    let mut left = part(cursor)?;
    loop {
        cursor.blanks();
        let Some(sign) = cursor.next().filter(|&c| signs.contains(c)) else {
            return Ok(left);
        };
        cursor.skip(1);
        let right = part(cursor)?;
        left = Expr::Operation(left.into(), sign, right.into(), cursor.span_from(start));
    }
}

fn atom(cursor: &mut Cursor<'_>, depth: usize) -> Parsed<Expr> {
    cursor.blanks();
    if depth == DEEPEST {
        let help = format!("they may nest {DEEPEST} deep");
        return Err(cursor.error("too many parentheses", help));
    }
    if cursor.eat("(") {
        let inner = sum(cursor, depth + 1)?;
        cursor.blanks();
        cursor.expect(")", "close the parenthesis")?;
        return Ok(inner);
    }
    let negative = cursor.eat("-");
    if negative || cursor.next().is_some_and(|c| c.is_ascii_digit()) {
        let number = cursor.whole()?;
        return Ok(Expr::Number(if negative { -number } else { number }));
    }
    let start = cursor.at();
    let name = cursor.name()?;
    Ok(Expr::Name(name, cursor.span_from(start)))
}
