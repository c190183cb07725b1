//! `cargo xtask`: runs every lesson and verifies its output against its transcript.
//!
//! `cli` says what can be typed, `commands` holds a file or folder for each command, `exit` says how a command ends.
//! What two commands need is beside them: how a scene is played (`player`), what a run is worth (`judgement`), what
//! people see (`terminal`). A text is laid out in `reading`. No command imports another. Nothing here links a lesson or `shared`: xtask starts what it
//! checks, as a reader does.

mod cli;
mod commands;
mod drawing;
mod exit;
mod judgement;
mod parallel;
mod player;
mod reading;
mod terminal;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::Cli;
use crate::exit::Error;

fn main() -> ExitCode {
    runner::supervise_if_asked();
    match commands::run(&Cli::parse().command) {
        Ok(answer) => answer.into(),
        Err(error) => {
            match &error {
                Error::NotCompiled(errors) => anstream::eprintln!("{errors}"),
                Error::Question(message) => {
                    anstream::eprintln!("{}: {message}", terminal::paint(terminal::BAD, "error"));
                }
                Error::Interrupted => anstream::eprintln!("{error}"),
                Error::Told | Error::NoReader => {}
            }
            error.code()
        }
    }
}
