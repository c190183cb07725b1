//! Lines of a program in a message: nothing in them spoils a terminal, and what does not show is shown.

/// Characters of a line that are quoted.
const LONGEST: usize = 200;

/// The line in quotes, with all that does not show by itself escaped: `"done\r"`.
pub(super) fn quoted(line: &str) -> String {
    let mut rest = line.chars();
    let plain: String = rest.by_ref().take(LONGEST).map(shown).collect();
    match rest.count() {
        0 => format!("\"{plain}\""),
        more => format!("\"{plain}\" and {more} more characters"),
    }
}

fn shown(c: char) -> String {
    match c {
        '"' | '\'' | '\\' => c.to_string(),
        _ => c.escape_debug().to_string(),
    }
}

/// The line as it seems to read: without what does not show, and with one kind of space.
pub(super) fn as_it_seems(line: &str) -> String {
    let seems = |c: char| match c {
        c if c.is_whitespace() && !c.is_control() => Some(' '),
        c if shown(c).chars().eq([c]) => Some(c),
        _ => None,
    };
    line.chars().filter_map(seems).collect()
}

/// The first character of a line that does not show, or shows as another.
pub(super) fn hidden(line: &str) -> Option<String> {
    line.chars()
        .map(|c| (c, shown(c)))
        .find(|(c, shown)| !shown.chars().eq([*c]))
        .map(|pair| pair.1)
}
