//! `transcript`: shows, verifies, drafts and blesses transcripts, of programs in any language.

mod answer;
mod arguments;
mod commands;
mod program;
mod terminal;

use std::io::Write;
use std::process::ExitCode;

use answer::{Answer, Failure};
use arguments::Request;

fn main() -> ExitCode {
    match Request::read(std::env::args_os().skip(1)).and_then(commands::answer) {
        Ok(Answer::Passed) => ExitCode::SUCCESS,
        Ok(Answer::Failed) => ExitCode::FAILURE,
        Err(Failure::Question(message)) => {
            // If standard error is closed, the exit status still gives the answer.
            _ = writeln!(std::io::stderr(), "transcript: {message}");
            ExitCode::from(2)
        }
        Err(Failure::NoReader) => ExitCode::from(141),
    }
}
