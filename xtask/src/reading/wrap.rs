//! Text in lines, broken between words.

use anstyle::Style;
use console::measure_text_width;

use super::document::Inline;
use crate::terminal::{CODE, FAINT, PLAIN, paint};

/// What stays on one line: pieces without a space between them.
type Word<'a> = Vec<(Style, &'a str)>;

/// `text` in lines of at most `columns` columns, painted. A command, and what a link leads to, is broken only if it is
/// longer than a line; a longer word is not broken.
pub(crate) fn lines(text: &[Inline], columns: usize) -> Vec<String> {
    let mut lines: Vec<Vec<(Style, String)>> = Vec::new();
    let mut used = 0;
    for word in words(text, columns) {
        let needed = width(&word);
        match lines.last_mut() {
            Some(line) if used + 1 + needed <= columns => {
                let before = line.last().map(|(style, _)| *style);
                let goes_on = word.first().map(|(style, _)| *style) == before;
                put(line, before.filter(|_| goes_on).unwrap_or(PLAIN), " ");
                used += 1 + needed;
            }
            _ => {
                lines.push(Vec::new());
                used = needed;
            }
        }
        let Some(line) = lines.last_mut() else { continue };
        for (style, text) in word {
            put(line, style, text);
        }
    }
    let painted =
        |line: Vec<(Style, String)>| line.iter().map(|(s, text)| paint(*s, text)).collect();
    lines.into_iter().map(painted).collect()
}

/// How many columns `text` needs in one line, and how many at least.
pub(crate) fn bounds(text: &[Inline]) -> (usize, usize) {
    let words = words(text, 0);
    let most = words.iter().map(|word| width(word) + 1).sum::<usize>();
    (most.saturating_sub(1), words.iter().map(|word| width(word)).max().unwrap_or(0))
}

/// The words, where a line has `columns` columns.
fn words(text: &[Inline], columns: usize) -> Vec<Word<'_>> {
    let pieces = text.iter().map(|inline| (inline.style, inline.text.as_str()));
    let mut words = Vec::new();
    for word in split(pieces, |style| style == CODE || style == FAINT) {
        if width(&word) <= columns {
            words.push(word);
        } else {
            words.extend(split(word.into_iter(), |_| false));
        }
    }
    words
}

/// Splits at spaces, but for those in the styles that are kept whole.
fn split<'a>(
    pieces: impl Iterator<Item = (Style, &'a str)>,
    is_whole: impl Fn(Style) -> bool,
) -> Vec<Word<'a>> {
    let mut words = vec![Word::new()];
    for (style, text) in pieces {
        let parts = if is_whole(style) { vec![text] } else { text.split(' ').collect() };
        for (index, part) in parts.into_iter().enumerate() {
            if index > 0 {
                words.push(Word::new());
            }
            if let Some(word) = words.last_mut()
                && !part.is_empty()
            {
                word.push((style, part));
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn put(line: &mut Vec<(Style, String)>, style: Style, text: &str) {
    match line.last_mut() {
        Some((last, line)) if *last == style => line.push_str(text),
        _ => line.push((style, text.to_owned())),
    }
}

fn width(word: &Word<'_>) -> usize {
    word.iter().map(|(_, text)| measure_text_width(text)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::STRONG;

    fn text(pieces: &[(Style, &str)]) -> Vec<Inline> {
        pieces.iter().map(|(style, text)| Inline::new(*style, *text)).collect()
    }

    #[test]
    fn a_line_is_broken_between_words() {
        let text = text(&[(PLAIN, "one two, three 中文 ├─▶ four")]);
        assert_eq!(lines(&text, 9), ["one two,", "three", "中文 ├─▶", "four"]);
        assert_eq!(lines(&text, 4), ["one", "two,", "three", "中文", "├─▶", "four"]);
        assert_eq!(lines(&text, 100), ["one two, three 中文 ├─▶ four"]);
        assert_eq!(bounds(&text), (28, 5));
    }

    #[test]
    fn a_command_is_broken_only_if_no_line_holds_it() {
        let text = text(&[(PLAIN, "run "), (CODE, "`cargo xtask`"), (PLAIN, ", then")]);
        let plain = |columns| -> Vec<String> {
            let lines = lines(&text, columns).into_iter();
            lines.map(|line| anstream::adapter::strip_str(&line).to_string()).collect()
        };
        assert_eq!(plain(15), ["run", "`cargo xtask`,", "then"]);
        assert_eq!(plain(13), ["run `cargo", "xtask`, then"]);
    }

    #[test]
    fn a_style_ends_with_its_line() {
        let text = text(&[(STRONG, "one two"), (PLAIN, " three")]);
        let strong = |text| paint(STRONG, text);
        assert_eq!(lines(&text, 20), [strong("one two") + " three"]);
        assert_eq!(lines(&text, 5), [strong("one"), strong("two"), "three".to_owned()]);
    }
}
