//! Text with holes.

use super::Parsed;
use super::cursor::Cursor;
use super::expr::{expr, range};
use super::syntax::{Hole, Part, Template, TypeSyntax};
use crate::model::Bound;

const CLOSE: &str = "close the hole with `}`, or write `{{` for a literal brace";

/// Up to `end`, which is left to read, or to the end of the line.
pub(crate) fn template(cursor: &mut Cursor<'_>, end: Option<char>) -> Parsed<Template> {
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
            let hole = hole(cursor)?;
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

fn hole(cursor: &mut Cursor<'_>) -> Parsed<Hole> {
    cursor.skip(1);
    if !cursor.rest().contains('}') {
        return Err(cursor.error("this hole never ends", CLOSE));
    }
    let mut ahead = *cursor;
    let bound_name = ahead.name().ok().filter(|_| ahead.eat(":"));
    let hole = if let Some(name) = bound_name {
        *cursor = ahead;
        let kind = kind(cursor)?;
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

fn kind(cursor: &mut Cursor<'_>) -> Parsed<TypeSyntax> {
    let word = &cursor.rest()[..cursor.word_length()];
    let kind = match word {
        "pid" => TypeSyntax::Pid,
        "tid" => TypeSyntax::Tid,
        "int" => TypeSyntax::Int,
        "secs" => TypeSyntax::Secs,
        "word" => TypeSyntax::Word,
        _ => {
            let start = cursor.at();
            let mut ahead = *cursor;
            let Ok((from, to)) = range(&mut ahead) else {
                cursor.skip(word.len());
                let help = "one of pid, tid, int, secs, word or a range such as 1..3";
                return Err(cursor.error_from(start, format!("unknown type `{word}`"), help));
            };
            *cursor = ahead;
            return Ok(TypeSyntax::Range(from, to));
        }
    };
    cursor.skip(word.len());
    Ok(kind)
}

fn bound(cursor: &mut Cursor<'_>) -> Parsed<Bound> {
    let comparison = cursor.comparison()?;
    cursor.blanks();
    Ok(Bound { comparison, limit: cursor.decimal()? })
}
