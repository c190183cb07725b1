//! How a command ends: with an answer, or with a question that made no sense.

use std::fmt;
use std::io;
use std::path::Path;
use std::process::ExitCode;

/// What a command found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Everything held: exit code 0.
    Held,
    /// Something did not, and the command has said what: exit code 1.
    Broken,
}

impl Answer {
    /// `Held` only where nothing failed.
    pub(crate) fn from_failures(failures: usize) -> Self {
        if failures == 0 { Self::Held } else { Self::Broken }
    }
}

impl From<Answer> for ExitCode {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Held => Self::SUCCESS,
            Answer::Broken => Self::FAILURE,
        }
    }
}

/// Why a command has no answer.
#[derive(Debug)]
pub(crate) enum Error {
    /// The question was wrong, in words that say what to do instead: exit code 2.
    Question(String),
    /// The same, but the lesson that was asked has said so itself: exit code 2.
    Told,
    /// A crate does not compile, in the compiler's words: exit code 1.
    NotCompiled(String),
    /// Whoever read our output has gone, as `head` does: exit code 141, as if SIGPIPE had ended us. Nothing is said, but
    /// nothing is known either: 0 would mean that everything held.
    NoReader,
    /// Ctrl-C came in the middle, and everything is cleaned up: exit code 130.
    Interrupted,
}

pub(crate) type Result<T = Answer> = std::result::Result<T, Error>;

impl Error {
    /// For a system call on a file: what was tried, where, and why it failed.
    pub(crate) fn file(verb: &str, path: &Path, error: &io::Error) -> Self {
        Self::Question(format!("cannot {verb} {}: {error}", path.display()))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Question(message) | Self::NotCompiled(message) => f.write_str(message),
            Self::Told => f.write_str("the lesson refused its arguments"),
            Self::NoReader => f.write_str("nobody reads the output"),
            Self::Interrupted => f.write_str("interrupted"),
        }
    }
}

/// A question about `name` that is none of `known`, with the likeliest one named.
pub(crate) fn unknown<'a>(
    kind: &str,
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Error {
    let known: Vec<&str> = known.into_iter().collect();
    let nearest = known
        .iter()
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(likeness, _)| *likeness >= 0.7)
        .max_by(|(one, _), (other, _)| one.total_cmp(other));
    Error::Question(match nearest {
        Some((_, candidate)) => {
            format!("no {kind} is called `{name}`; did you mean `{candidate}`?")
        }
        None if known.is_empty() => format!("no {kind} is called `{name}`; there is none at all"),
        None => format!("no {kind} is called `{name}`; there are: {}", known.join(", ")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_gets_the_nearest_one() {
        let known = ["fork", "thread", "pool"];
        assert_eq!(
            unknown("chapter", "frok", known).to_string(),
            "no chapter is called `frok`; did you mean `fork`?"
        );
        assert_eq!(
            unknown("chapter", "zzz", known).to_string(),
            "no chapter is called `zzz`; there are: fork, thread, pool"
        );
    }
}
