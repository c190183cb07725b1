//! `cargo xtask`: runs every lesson and verifies its output against its transcript.
//!
//! `cli` is the command line, `commands` has a file or folder for each command, and `exit` says how a command ends.
//! Code that several commands need is beside them: `player` plays a scene, `directed` lets a policy decide about its
//! order, `search` keeps what such runs have shown, `attacks` makes hostile ones, `schedules` asks for every schedule of
//! an explored scene, `judgement` judges a run, `parallel` and `purse` share the processors and the time, `reading` lays
//! out a text, `terminal` prints for people. No command imports another.
//! Nothing here links a lesson or `shared`: xtask starts the lessons, as a reader does.

mod attacks;
mod cli;
mod commands;
mod directed;
mod drawing;
mod exit;
mod judgement;
mod parallel;
mod player;
mod program;
mod purse;
mod reading;
mod schedules;
mod search;
mod steps;
mod terminal;
mod unshown;

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
                Error::Question(message) => terminal::complain(message),
                Error::Interrupted => anstream::eprintln!("{error}"),
                Error::AlreadyReported | Error::NoReader => {}
            }
            error.code()
        }
    }
}
