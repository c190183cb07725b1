//! How a command ends, as an exit status.

/// What a command found.
pub(crate) enum Answer {
    /// Every check passed: exit status 0.
    Passed,
    /// A check failed, and the command has printed which: exit status 1.
    Failed,
}

/// Why a command found no answer.
pub(crate) enum Failure {
    /// The command was called wrongly. The message says what to do instead: exit status 2.
    Question(String),
    /// The reader of our output has closed it, as `head` does: exit status 141, as if SIGPIPE had ended us.
    NoReader,
}
