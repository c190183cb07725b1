//! The decisions of a run, written as text.

use std::fmt;
use std::str::FromStr;

/// The decisions of a directed run: which option was taken, from 0, each time that there were several. Written
/// `0,1,0,2`.
///
/// ```
/// let choices: runner::Choices = "0,1,0,2".parse().unwrap();
/// assert_eq!(choices.to_string(), "0,1,0,2");
/// let error = "0,1;2".parse::<runner::Choices>().unwrap_err();
/// assert_eq!(error.to_string(), "choices are numbers with commas between them, as in 0,1,0,2: found 1;2");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Choices(Vec<usize>);

impl Choices {
    /// The decisions, in order.
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        self.0.iter().copied()
    }

    /// Without the zeros at the end, which a replay takes anyway.
    #[must_use]
    pub fn shortened(mut self) -> Self {
        let length = self.0.iter().rposition(|choice| *choice != 0).map_or(0, |last| last + 1);
        self.0.truncate(length);
        self
    }
}

impl FromIterator<usize> for Choices {
    fn from_iter<I: IntoIterator<Item = usize>>(choices: I) -> Self {
        Self(choices.into_iter().collect())
    }
}

impl fmt::Display for Choices {
    /// No choice is written as one zero, which means the same.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(if numbers.is_empty() { "0".to_owned() } else { numbers.join(",") }.as_str())
    }
}

/// A text that is no list of choices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotChoices {
    found: String,
}

impl fmt::Display for NotChoices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = if self.found.is_empty() { "nothing" } else { &self.found };
        let found = crate::escaped(found);
        write!(f, "choices are numbers with commas between them, as in 0,1,0,2: found {found}")
    }
}

impl std::error::Error for NotChoices {}

impl FromStr for Choices {
    type Err = NotChoices;

    fn from_str(text: &str) -> Result<Self, NotChoices> {
        let parse = |word: &str| {
            word.trim().parse().map_err(|_| NotChoices { found: word.trim().to_owned() })
        };
        text.split(',').map(parse).collect::<Result<_, _>>().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        for text in ["0", "7", "0,1,0,2", "12,0,3"] {
            assert_eq!(text.parse::<Choices>().unwrap().to_string(), text);
        }
        assert_eq!("1, 2".parse::<Choices>().unwrap().to_string(), "1,2");
        assert_eq!(Choices::default().to_string(), "0");
    }

    #[test]
    fn what_is_no_list_is_named() {
        for (text, found) in [
            ("", "nothing"),
            ("1,,2", "nothing"),
            ("1,-2", "-2"),
            ("x\u{1b}", "x\\u{1b}"),
            ("1.2", "1.2"),
        ] {
            let error = text.parse::<Choices>().unwrap_err().to_string();
            assert!(error.ends_with(&format!(": found {found}")), "{error}");
        }
    }

    #[test]
    fn zeros_at_the_end_mean_nothing() {
        let shortened = |text: &str| text.parse::<Choices>().unwrap().shortened().to_string();
        assert_eq!(shortened("0,1,0,2,0,0"), "0,1,0,2");
        assert_eq!(shortened("0,0"), "0");
    }
}
