//! Lines that differ only in numbers.

use std::fmt;

/// What lines of the same wording have in common: the text with `#` for each number and each process.
///
/// ```
/// use orders::Class;
///
/// assert_eq!(Class::of("child 12: slept 0.25 s").to_string(), "child #: slept # s");
/// assert_eq!(Class::of("<0> forked <0.1>"), Class::of("<0.1> forked <0.1.1>"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Class(String);

impl Class {
    /// The class of a line.
    pub fn of(line: &str) -> Class {
        let mut class = String::new();
        let mut rest = line;
        while let Some(next) = rest.chars().next() {
            let length = number_length(rest);
            if length > 0 {
                class.push('#');
                rest = &rest[length..];
            } else {
                class.push(next);
                rest = &rest[next.len_utf8()..];
            }
        }
        Class(class)
    }
}

/// The length of the number, `12` or `0.25`, or of the process, `<0.1>`, at the beginning of a text; 0 if there is
/// none.
fn number_length(text: &str) -> usize {
    let inside = text.strip_prefix('<').unwrap_or(text);
    let digits = inside.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(inside.len());
    // A full stop after a number belongs to the sentence.
    let digits = inside[..digits].trim_end_matches('.').len();
    match (inside.len() < text.len(), inside[digits..].starts_with('>')) {
        _ if digits == 0 || inside.starts_with('.') => 0,
        (false, _) => digits,
        (true, true) => digits + "<>".len(),
        (true, false) => 0,
    }
}

impl fmt::Display for Class {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_and_processes_are_left_out() {
        let classes = [
            ("task 1 of 10.", "task # of #."),
            ("1.5 s..2 s", "# s..# s"),
            ("<0.1> is less than <b> and < 3", "# is less than <b> and < #"),
            ("<12", "<#"),
            ("...", "..."),
            ("héllo 1é", "héllo #é"),
            ("", ""),
        ];
        for (line, class) in classes {
            assert_eq!(Class::of(line).to_string(), class);
        }
    }
}
