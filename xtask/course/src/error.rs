//! Why a question about the course has no answer.

use std::fmt;
use std::io;
use std::path::Path;

/// Displays what is wrong, where, and what to do about it.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// A name that does not exist, a file that cannot be read, a manifest that lacks a value.
    Wrong(String),
    /// Crates that do not compile, in the compiler's words and colours.
    NotCompiled(String),
    /// The caller cancelled a build.
    Cancelled,
}

/// The result type of this crate.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub(crate) fn wrong(message: impl Into<String>) -> Self {
        Self::Wrong(message.into())
    }

    /// An error of a system call on a file: what was tried, where, and why it failed.
    pub fn file(verb: &str, path: &Path, error: &io::Error) -> Self {
        Self::Wrong(format!("cannot {verb} {}: {error}", path.display()))
    }

    /// An error for a `name` that is not among the `known` ones of its `kind`: suggests the most similar name, or lists
    /// all.
    pub fn unknown<'a>(kind: &str, name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let known: Vec<&str> = known.into_iter().collect();
        let nearest = known
            .iter()
            .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
            .filter(|(likeness, _)| *likeness >= 0.7)
            .max_by(|(one, _), (other, _)| one.total_cmp(other));
        // The name was typed, or read from a file: it must not send control characters to the terminal.
        let name = name.escape_debug();
        Self::Wrong(match nearest {
            Some((_, candidate)) => {
                format!("no {kind} is called `{name}`; did you mean `{candidate}`?")
            }
            None if known.is_empty() => {
                format!("no {kind} is called `{name}`; there is none yet")
            }
            None => format!("no {kind} is called `{name}`; there are: {}", known.join(", ")),
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wrong(message) | Self::NotCompiled(message) => f.write_str(message),
            Self::Cancelled => f.write_str("the build was cancelled"),
        }
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_gets_the_nearest_one() {
        let known = ["fork", "thread", "pool"];
        assert_eq!(
            Error::unknown("chapter", "frok", known).to_string(),
            "no chapter is called `frok`; did you mean `fork`?"
        );
        assert_eq!(
            Error::unknown("chapter", "\u{1b}[2J", []).to_string(),
            r"no chapter is called `\u{1b}[2J`; there is none yet"
        );
        assert_eq!(
            Error::unknown("chapter", "zzz", known).to_string(),
            "no chapter is called `zzz`; there are: fork, thread, pool"
        );
    }
}
