//! Makes text that is safe for a terminal, hides nothing from its reader, and fits its column.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The most characters of a line that are quoted.
const LONGEST: usize = 200;

/// Whether a character would move the cursor, change the direction of writing, look like a blank, or be invisible.
///
/// Joiners and variation selectors do not count, although they have no width: emoji and several scripts need them.
fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{a0}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{1680}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{2000}'..='\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202f}'
        | '\u{205f}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e007f}')
        || c.is_control()
}

/// The character, or its code if it is hidden.
fn shown(c: char) -> String {
    match is_hidden(c) {
        true => c.escape_default().to_string(),
        false => c.to_string(),
    }
}

/// The first character that has no place in a transcript because a reader would not see it, and its byte. Tabs are
/// allowed.
pub(crate) fn first_hidden(text: &str) -> Option<(usize, char)> {
    text.char_indices().find(|&(_, c)| c != '\t' && is_hidden(c))
}

/// Whether a text can be in a transcript: it has no hidden character.
pub(crate) fn is_plain(text: &str) -> bool {
    first_hidden(text).is_none()
}

/// The text with every character escaped that a terminal would obey or a reader not see: `\r`, `\u{1b}`.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    match text.chars().any(is_hidden) {
        true => Cow::Owned(text.chars().map(shown).collect()),
        false => Cow::Borrowed(text),
    }
}

/// The visible text in quotes, shortened if it is too long for a message: `"done\r"`.
pub(crate) fn quoted(line: &str) -> String {
    let mut rest = line.chars();
    let beginning: String = rest.by_ref().take(LONGEST).collect();
    let beginning = visible(&beginning);
    match rest.count() {
        0 => format!("\"{beginning}\""),
        more => format!("\"{beginning}\" and {} more characters", grouped(more as u128)),
    }
}

/// A number with a comma before every third digit from the right: `168,168,000`.
pub(crate) fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Whether a character can be overlooked: it is hidden, has no width, or is an unusual blank.
fn is_overlooked(c: char) -> bool {
    is_hidden(c) || c.width() == Some(0) || (c.is_whitespace() && c != ' ')
}

/// The text as a reader sees it: without characters that can be overlooked, and with only one kind of blank.
pub(crate) fn as_it_seems(text: &str) -> String {
    let seems = |c: char| match c {
        c if c.is_whitespace() && !c.is_control() => Some(' '),
        c if is_overlooked(c) => None,
        c => Some(c),
    };
    text.chars().filter_map(seems).collect()
}

/// The characters of a text that can be overlooked.
pub(crate) fn overlooked(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|&c| is_overlooked(c))
}

/// The visible text, cut to fit into `room` columns.
pub(crate) fn cut(text: &str, room: usize) -> String {
    // Each character takes a column, except a few that combine with the one before.
    let beginning: String = text.chars().take(4 * room + 4).collect();
    let text = visible(&beginning);
    if text.width() <= room {
        return text.into_owned();
    }
    let mut columns = 1; // for the sign that something is missing
    let kept = text.chars().take_while(|c| {
        columns += c.width().unwrap_or(0);
        columns <= room
    });
    kept.chain(['…']).take(room.max(1)).collect()
}

/// The text in rows of at most `columns` columns, broken at blanks. A longer word gets a wider row.
pub(crate) fn wrapped(text: &str, columns: usize) -> Vec<String> {
    rows(text, columns, |rest, end| rest[end..].find(' ').map_or(rest.len(), |more| end + more))
}

/// The text in rows of at most `columns` columns, broken at blanks, or inside a longer word.
pub(crate) fn broken(text: &str, columns: usize) -> Vec<String> {
    rows(text, columns, |_, end| end)
}

/// If the first `end` bytes, which fill a row, have no blank, `otherwise` says where to break.
fn rows(text: &str, columns: usize, otherwise: impl Fn(&str, usize) -> usize) -> Vec<String> {
    let mut rows = Vec::new();
    let mut rest = text;
    while rest.width() > columns {
        let mut used = 0;
        let fits = rest.char_indices().find(|(_, c)| {
            used += c.width().unwrap_or(0);
            used > columns
        });
        let Some((end, _)) = fits.filter(|(end, _)| *end > 0) else { break };
        // The blank at which a row ends may be the first character that does not fit.
        let at_blank = match rest[end..].starts_with(' ') {
            true => Some(end),
            false => rest[..end].rfind(' '),
        };
        let end = at_blank
            .filter(|&at| !rest[..at].trim().is_empty())
            .unwrap_or_else(|| otherwise(rest, end));
        rows.push(rest[..end].trim_end().to_owned());
        rest = rest[end..].trim_start_matches(' ');
    }
    if !rest.is_empty() || rows.is_empty() {
        rows.push(rest.to_owned());
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_escaped() {
        assert_eq!(visible("a\r\u{1b}[1mb"), "a\\r\\u{1b}[1mb");
        assert_eq!(visible("\u{202e}evil\u{200b}\u{a0}"), "\\u{202e}evil\\u{200b}\\u{a0}");
        assert_eq!(visible("进程 é ✓"), "进程 é ✓");
    }

    #[test]
    fn a_cut_text_fits() {
        assert_eq!(cut("about to fork", 20), "about to fork");
        assert_eq!(cut("about to fork", 8), "about t…");
        assert_eq!(cut("进程进程", 5), "进程…");
        assert_eq!(cut(&"x".repeat(1_000_000), 3), "xx…");
        assert_eq!(cut("xyz", 0), "…");
    }

    #[test]
    fn what_cannot_be_seen_is_escaped() {
        for hidden in
            "\u{a0}\u{ad}\u{2003}\u{200b}\u{2066}\u{2800}\u{3164}\u{feff}\u{9b}\u{e0041}".chars()
        {
            assert_eq!(visible(&hidden.to_string()), hidden.escape_default().to_string());
        }
        // Scripts and emoji need these.
        for needed in ["e\u{301}", "✔\u{fe0f}", "👩\u{200d}💻", "क\u{93f}", "全\u{3000}角"]
        {
            assert_eq!(visible(needed), needed);
            assert!(is_plain(needed));
        }
        assert_eq!(first_hidden("a\tb\u{a0}"), Some((3, '\u{a0}')));
    }

    #[test]
    fn what_can_be_overlooked_is_found() {
        assert_eq!(overlooked("done ✓ 进程").next(), None);
        assert!(overlooked("do\u{fe0f}ne\r").eq(['\u{fe0f}', '\r']));
        assert_eq!(as_it_seems("all\u{3000}\u{200b}do\u{fe0f}ne\r"), "all done");
    }

    #[test]
    fn a_long_line_is_cut_short_in_quotes() {
        assert_eq!(quoted("a\r"), "\"a\\r\"");
        let long = quoted(&"x".repeat(1_000));
        assert!(long.ends_with("x\" and 800 more characters") && long.len() < 240, "{long}");
    }

    #[test]
    fn lines_break_between_words() {
        let text = "one two three four five six seven";
        assert_eq!(wrapped(text, 24), ["one two three four five", "six seven"]);
        assert_eq!(broken(text, 24), ["one two three four five", "six seven"]);
        assert_eq!(
            broken("exactly twenty-four wide and more", 24),
            ["exactly twenty-four wide", "and more"]
        );
        assert_eq!(broken("", 24), [""]);
    }

    #[test]
    fn a_word_longer_than_a_row() {
        let long = "进".repeat(20);
        let text = format!("see {long} there");
        assert_eq!(wrapped(&text, 24), ["see", &long, "there"]);
        assert_eq!(
            broken(&text, 24),
            ["see".to_owned(), "进".repeat(12), format!("{} there", "进".repeat(8))]
        );
        assert_eq!(broken("进", 1), ["进"]);
    }
}
