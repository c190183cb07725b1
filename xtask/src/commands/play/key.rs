//! A key: what the reader wants next.

use std::fmt;

/// What the reader wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Key {
    /// The task with this number goes on.
    Number(usize),
    /// A choice as `replay` counts it.
    Choice(usize),
    Undo,
    /// Begin again.
    New,
    /// Play on to the end.
    End,
    Hint,
    Goal,
    /// Another goal.
    SetGoal(String),
    Help,
    Quit,
    /// Nothing yet, but the screen looks different: the terminal has another size, or a number has begun.
    Redraw,
    /// Enter or the space bar, which turn pages and do nothing else.
    Blank,
    Unknown(String),
}

impl Key {
    pub(super) fn of(word: &str) -> Self {
        match word {
            "u" => Self::Undo,
            "n" => Self::New,
            "e" => Self::End,
            "h" => Self::Hint,
            "g" => Self::Goal,
            "?" => Self::Help,
            "q" => Self::Quit,
            other => other.parse().map_or_else(|_| Self::Unknown(other.to_owned()), Self::Number),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) | Self::Choice(number) => write!(f, "{number}"),
            Self::Undo => f.write_str("u"),
            Self::New => f.write_str("n"),
            Self::End => f.write_str("e"),
            Self::Hint => f.write_str("h"),
            Self::Goal => f.write_str("g"),
            Self::SetGoal(goal) => write!(f, "g \"{}\"", runner::escaped(goal)),
            Self::Help => f.write_str("?"),
            Self::Quit => f.write_str("q"),
            Self::Redraw | Self::Blank => Ok(()),
            Self::Unknown(word) => f.write_str(&runner::escaped(word)),
        }
    }
}
