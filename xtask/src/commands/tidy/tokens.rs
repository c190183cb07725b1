//! Rust source as tokens, for rules that need no syntax tree.

/// A line and a piece of code on it: a word, a number, `::` or a single character.
pub(super) type Token<'a> = (usize, &'a str);

pub(super) fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphanumeric() || c == '_')
}

/// The code without comments, texts, characters and lifetimes.
pub(super) fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut line = 1;
    let mut rest = source;
    while !rest.is_empty() {
        let length = match no_code(rest) {
            Some(length) => length,
            None => {
                let length = token(rest);
                tokens.push((line, &rest[..length]));
                length
            }
        };
        line += rest[..length].matches('\n').count();
        rest = &rest[length..];
    }
    tokens
}

/// The length of the token that `text` begins with.
fn token(text: &str) -> usize {
    let word = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    match text {
        _ if word > 0 => word,
        _ if text.starts_with("::") => 2,
        _ => text.chars().next().map_or(0, char::len_utf8),
    }
}

/// The length of what `text` begins with, if it is no code.
fn no_code(text: &str) -> Option<usize> {
    let up_to = |end: &str| text.find(end).map_or(text.len(), |at| at + end.len());
    match text.chars().next()? {
        c if c.is_whitespace() => Some(c.len_utf8()),
        '/' if text.starts_with("//") => Some(up_to("\n")),
        '/' if text.starts_with("/*") => Some(up_to("*/")),
        '"' => Some(quoted(text)),
        '\'' => {
            let mut characters = text.chars().skip(1);
            let is_escaped = characters.next() == Some('\\');
            let is_character = is_escaped || characters.next() == Some('\'');
            Some(if is_character { quoted(text) } else { 1 + token(&text[1..]) })
        }
        'r' => {
            let end = text[1..].trim_start_matches('#');
            let hashes = text.len() - 1 - end.len();
            let end = end.strip_prefix('"')?.find(&format!("\"{}", "#".repeat(hashes)));
            Some(end.map_or(text.len(), |end| 1 + hashes + 1 + end + 1 + hashes))
        }
        _ => None,
    }
}

/// The length of the text or character in quotation marks that `text` begins with.
fn quoted(text: &str) -> usize {
    let mut is_escaped = false;
    let mut characters = text.char_indices();
    let mark = characters.next().map(|(_, mark)| mark);
    let end = characters.find(|(_, c)| {
        let is_end = Some(*c) == mark && !is_escaped;
        is_escaped = *c == '\\' && !is_escaped;
        is_end
    });
    end.map_or(text.len(), |(at, mark)| at + mark.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(source: &str) -> Vec<&str> {
        tokens(source).into_iter().map(|(_, word)| word).collect()
    }

    #[test]
    fn code_is_cut_into_words_and_signs() {
        assert_eq!(words("a::b_1(&mut 2);"), ["a", "::", "b_1", "(", "&", "mut", "2", ")", ";"]);
        assert_eq!(words("r#type x:y"), ["r", "#", "type", "x", ":", "y"]);
    }

    #[test]
    fn what_is_no_code_is_left_out() {
        assert_eq!(words("a // \" b\nc /* ' d */ e"), ["a", "c", "e"]);
        assert_eq!(words(r##"a "b \" c\\" d r"e\" f r#"g " h"# i"##), ["a", "d", "f", "i"]);
        assert_eq!(
            words(r"a 'b' c '\'' d '\u{e9}' e '\\' f '老' g"),
            ["a", "c", "d", "e", "f", "g"]
        );
        assert_eq!(words("a<'static, '_> b'c'"), ["a", "<", ",", ">", "b"]);
        assert_eq!(words("a \"b"), ["a"]);
        assert_eq!(words("a '"), ["a"]);
        assert_eq!(words("a r#\"b\""), ["a"]);
        assert_eq!(words("a /* b"), ["a"]);
    }

    #[test]
    fn a_token_knows_its_line() {
        assert_eq!(tokens("a\n/*\n*/ \"\n\" b"), [(1, "a"), (4, "b")]);
    }
}
