//! Text that does a terminal no harm and keeps to its column.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Whether a character would move the cursor, change the direction of writing, or not be seen at all.
fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{a0}' | '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{2028}'..='\u{202f}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
        || c.is_control()
}

/// Whether a text may stand in a transcript: a reader sees all of it. A tab is a blank that was meant.
pub(crate) fn is_plain(text: &str) -> bool {
    !text.chars().any(|c| c != '\t' && is_hidden(c))
}

/// The text with everything escaped that would be obeyed or not be seen: `\r`, `\u{1b}`.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let escaped = |c: char| match is_hidden(c) {
        true => c.escape_default().to_string(),
        false => c.to_string(),
    };
    Cow::Owned(text.chars().map(escaped).collect())
}

/// The visible text, or as much of it as fits into `room` columns.
pub(super) fn cut(text: &str, room: usize) -> String {
    // Each character takes a column, but for a few that combine with the one before.
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

/// Broken at blanks so that no line is wider, unless a word is.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    if text.width() <= width {
        return vec![text.to_owned()];
    }
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("begins with one line");
        if !line.is_empty() && line.width() + 1 + word.width() > width {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
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
}
