//! Events and arrows: the lines that begin with a lane.

use super::cursor::Cursor;
use super::syntax::{ItemKind, Lanes, Part, Template};
use super::template::template;
use crate::error::Parsed;
use crate::model::{OwnKind, Times};

/// Words that begin special lines, and so cannot name a lane.
pub(crate) const KEYWORDS: [&str; 6] = ["for", "always", "finally", "seen", "exits", "timing"];

/// `lane | text` or `lanes -> lanes`.
pub(crate) fn lane_item(
    cursor: &mut Cursor<'_>,
    kinds: &[OwnKind],
    timing: bool,
) -> Parsed<ItemKind> {
    let line = cursor.rest();
    match (line.find('|'), line.find("->")) {
        (Some(bar), arrow) if arrow.is_none_or(|arrow| bar < arrow) => {
            event(cursor, kinds, timing, bar)
        },
        (_, Some(arrow)) => self::arrow(cursor, timing, arrow),
        _ => Err(cursor.error(
            "this line is not understood",
            "write `lane | text`, `lane -> lane`, `---`, `for`, `always`, `finally`, `seen`, `exits` or `# comment`",
        )),
    }
}

fn event(cursor: &mut Cursor<'_>, kinds: &[OwnKind], timing: bool, bar: usize) -> Parsed<ItemKind> {
    let mut head = cursor.until(cursor.at() + bar);
    let lane = lane(&mut head)?;
    head.blanks();
    let times = if head.eat("?") {
        Times::Optional
    } else if head.eat("*") {
        Times::Many
    } else {
        Times::Once
    };
    if timing && times == Times::Many {
        let help = "a line that may repeat or be absent claims nothing about time";
        return Err(cursor.error("`timing` does not go with `*|`", help));
    }
    head.end("a lane is one name: `lane | text`, `lane ?| text` or `lane *| text`")?;
    cursor.skip(bar + 1);
    // One blank separates the bar from the text; further blanks belong to the text.
    cursor.eat(" ");
    Ok(ItemKind::Event { timing, lane, times, text: template(cursor, kinds, None)? })
}

fn arrow(cursor: &mut Cursor<'_>, timing: bool, arrow: usize) -> Parsed<ItemKind> {
    if timing {
        let help = "it marks an event or a rule";
        return Err(cursor.error("`timing` does not go with an arrow", help));
    }
    let left = lanes(&mut cursor.until(cursor.at() + arrow))?;
    cursor.skip(arrow + 2);
    Ok(ItemKind::Arrow { left, right: lanes(cursor)? })
}

/// `a, b` or `*`, up to the end.
fn lanes(cursor: &mut Cursor<'_>) -> Parsed<Lanes> {
    const SHAPE: &str = "lanes are names separated by commas, or `*` for all lanes";
    cursor.blanks();
    if cursor.eat("*") {
        cursor.end(SHAPE)?;
        return Ok(Lanes::All);
    }
    let mut named = Vec::new();
    loop {
        cursor.blanks();
        let start = cursor.at();
        named.push((lane(cursor)?, cursor.span_from(start)));
        cursor.blanks();
        if !cursor.eat(",") {
            cursor.end(SHAPE)?;
            return Ok(Lanes::Named(named));
        }
    }
}

/// A lane's name: letters, digits, `_` and `-`, and holes with loop constants.
fn lane(cursor: &mut Cursor<'_>) -> Parsed<Template> {
    let start = cursor.at();
    let length = lane_length(cursor.rest());
    let name = template(&mut cursor.until(start + length), &[], None)?;
    cursor.skip(length);
    match name.0.as_slice() {
        [] => Err(cursor.error("expected a lane", "a name such as `main` or `worker{i}`")),
        [Part::Text(word)] if KEYWORDS.contains(&word.as_str()) => {
            let help = format!("`{word}` is a keyword of the format; give the lane another name");
            Err(cursor.error_from(start, "a keyword cannot be a lane", help))
        }
        _ => Ok(name),
    }
}

fn lane_length(text: &str) -> usize {
    let mut depth = 0usize;
    let outside = |(index, c): (usize, char)| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let part = depth > 0 || c == '}' || c.is_alphanumeric() || c == '_';
        // A dash inside a name, which does not begin an arrow.
        let dash = c == '-' && index > 0 && !text[index..].starts_with("->");
        (!part && !dash).then_some(index)
    };
    text.char_indices().find_map(outside).unwrap_or(text.len())
}
