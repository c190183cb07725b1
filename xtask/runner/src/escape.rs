//! Makes text harmless for a terminal: text from other programs must not clear its screen or set its title.

/// `text` on one line: control characters, line breaks too, and characters that change the direction of what follows
/// are written as Rust writes them.
///
/// ```
/// assert_eq!(runner::escaped("a\u{1b}[2Jb\n"), r"a\u{1b}[2Jb\n");
/// ```
#[must_use]
pub fn escaped(text: &str) -> String {
    escape(text, |_| false)
}

/// The same as [`escaped`] for text of several lines: line breaks and tabs stay.
///
/// ```
/// assert_eq!(runner::escaped_lines("a\n\tb\u{7}\r\n"), "a\n\tb\\u{7}\\r\n");
/// ```
#[must_use]
pub fn escaped_lines(text: &str) -> String {
    escape(text, |character| matches!(character, '\n' | '\t'))
}

fn escape(text: &str, is_kept: impl Fn(char) -> bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if (character.is_control() || is_directional(character)) && !is_kept(character) {
            escaped.extend(character.escape_default());
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// Marks, embeddings, overrides and isolates of the Unicode bidirectional algorithm (UAX #9), which can make a line
/// look like another one.
fn is_directional(character: char) -> bool {
    matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_harmless_stays() {
        let text = "进程 12: « ça » \"quoted\" \\ ✓";
        assert_eq!(escaped(text), text);
    }

    #[test]
    fn nothing_that_a_terminal_obeys_is_left() {
        let text = "\u{1b}]0;title\u{7} \u{9b}2J \u{7f} \u{202e}txt.exe\u{2069} \r\0";
        let escaped = escaped(text);
        assert!(!escaped.chars().any(|c| c.is_control() || is_directional(c)), "{escaped}");
        assert!(escaped.contains(r"\u{202e}txt.exe"), "{escaped}");
    }
}
