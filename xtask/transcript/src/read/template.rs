//! Text with holes.

use super::cursor::Cursor;
use super::expr::{expr, range};
use super::syntax::{Hole, KindSyntax, Part, Template};
use crate::error::Parsed;
use crate::model::{Bound, Kind, OwnKind};

const CLOSE: &str = "close the hole with `}`, or write `{{` for a literal brace";

/// Reads up to `end`, which is not consumed, or to the end of the line.
pub(crate) fn template(
    cursor: &mut Cursor<'_>,
    kinds: &[OwnKind],
    end: Option<char>,
) -> Parsed<Template> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    while let Some(c) = cursor.next().filter(|c| Some(*c) != end) {
        if cursor.eat("{{") {
            literal.push('{');
        } else if cursor.eat("}}") {
            literal.push('}');
        } else if c == '}' {
            let help = "write `}}` for a literal brace";
            return Err(cursor.error("a closing brace without an opening one", help));
        } else if c == '{' {
            if !literal.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut literal)));
            }
            let start = cursor.at();
            let hole = hole(cursor, kinds)?;
            parts.push(Part::Hole(hole, cursor.span_from(start)));
        } else if end == Some('"') && cursor.eat("\\\"") {
            literal.push('"');
        } else {
            literal.push(c);
            cursor.skip(c.len_utf8());
        }
    }
    if !literal.is_empty() {
        parts.push(Part::Text(literal));
    }
    Ok(Template(parts))
}

fn hole(cursor: &mut Cursor<'_>, kinds: &[OwnKind]) -> Parsed<Hole> {
    cursor.skip(1);
    if !cursor.rest().contains('}') {
        return Err(cursor.error("this hole is not closed", CLOSE));
    }
    let mut ahead = *cursor;
    let name = ahead.name().ok();
    let hole = if ahead.eat(":") {
        *cursor = ahead;
        let kind = kind(cursor, kinds)?;
        cursor.blanks();
        let bound = if cursor.next() == Some('}') { None } else { Some(bound(cursor)?) };
        Hole::Bind { name, kind, bound }
    } else {
        Hole::Expr(expr(cursor)?)
    };
    cursor.blanks();
    cursor.expect("}", CLOSE)?;
    Ok(hole)
}

fn kind(cursor: &mut Cursor<'_>, kinds: &[OwnKind]) -> Parsed<KindSyntax> {
    let start = cursor.at();
    let mut ahead = *cursor;
    let Ok(name) = ahead.name() else {
        let number = cursor.next().is_some_and(|c| c.is_ascii_digit() || c == '-' || c == '(');
        return match number {
            true => range(cursor).map(|(from, to)| KindSyntax::Range(from, to)),
            false => Err(cursor.error("expected a kind", one_of(kinds))),
        };
    };
    let kind = match name.as_str() {
        "pid" => Kind::Pid,
        "tid" => Kind::Tid,
        "int" => Kind::Int,
        "secs" => Kind::Secs,
        "word" => Kind::Word,
        "text" => Kind::Text,
        _ => match kinds.iter().find(|own| *own.name == *name) {
            Some(own) => Kind::Own(own.clone()),
            // A range may begin with a name.
            None if begins_range(ahead) => {
                return range(cursor).map(|(from, to)| KindSyntax::Range(from, to));
            }
            None => {
                let message = format!("unknown kind `{name}`");
                return Err(ahead.error_from(start, message, one_of(kinds)));
            }
        },
    };
    *cursor = ahead;
    Ok(KindSyntax::Kind(kind))
}

fn begins_range(mut behind_name: Cursor<'_>) -> bool {
    behind_name.blanks();
    let sign = behind_name.next().is_some_and(|c| "+-*/%".contains(c));
    sign || behind_name.rest().starts_with("..")
}

fn one_of(kinds: &[OwnKind]) -> String {
    let own: String = kinds.iter().map(|kind| format!("{}, ", kind.name)).collect();
    format!("one of pid, tid, int, secs, word, text, {own}or a range such as 1..=3")
}

fn bound(cursor: &mut Cursor<'_>) -> Parsed<Bound> {
    let comparison = cursor.comparison()?;
    cursor.blanks();
    Ok(Bound { comparison, limit: cursor.decimal()? })
}
