//! `transcript`: shows, verifies, drafts and blesses transcripts, of programs in any language.

mod arguments;
mod commands;
mod program;
mod terminal;

use std::io::Write;
use std::process::ExitCode;

use arguments::Request;

/// What a command found.
enum Answer {
    /// Everything held: exit status 0.
    Held,
    /// Something did not, and the command has said what: exit status 1.
    Broken,
}

/// Why a command has no answer.
enum Failure {
    /// The question was wrong, in words that say what to do instead: exit status 2.
    Question(String),
    /// The reader of our output has gone, as `head` does: exit status 141, as if SIGPIPE had ended us.
    NoReader,
}

fn main() -> ExitCode {
    match Request::read(std::env::args_os().skip(1)).and_then(commands::answer) {
        Ok(Answer::Held) => ExitCode::SUCCESS,
        Ok(Answer::Broken) => ExitCode::FAILURE,
        Err(Failure::Question(message)) => {
            // A closed standard error changes nothing about the answer.
            _ = writeln!(std::io::stderr(), "transcript: {message}");
            ExitCode::from(2)
        }
        Err(Failure::NoReader) => ExitCode::from(141),
    }
}
