//! How a command ends: its exit status, but for the words.

/// What a command found.
pub(crate) enum Answer {
    /// Everything held: exit status 0.
    Held,
    /// Something did not, and the command has said what: exit status 1.
    Broken,
}

/// Why a command has no answer.
pub(crate) enum Failure {
    /// The question was wrong, in words that say what to do instead: exit status 2.
    Question(String),
    /// The reader of our output has gone, as `head` does: exit status 141, as if SIGPIPE had ended us.
    NoReader,
}
