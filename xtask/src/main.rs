//! `cargo xtask`: runs every lesson and verifies its output against its transcript.
//!
//! `cli` is the command line, `commands` has a file or folder for each command, and `exit` says how a command ends. No
//! command imports another. Code that several of them need is beside them:
//!
//! - `player` plays a scene, and `judgement` judges a run. `program` is for programs and transcripts of no course.
//! - `directed` lets a policy decide about the order of a run. `search` keeps what such runs have shown, `unshown`
//!   looks for legal outputs that none has shown, `attacks` makes hostile runs, and `steps` prints one of them step by
//!   step. `labels` names the tasks of a run.
//! - `schedules` asks for every schedule of an explored scene.
//! - `parallel` and `time_budget` share the processors and the time.
//! - `terminal` prints for people, `drawing` draws lanes, and `reading` lays out a text.
//!
//! Nothing here links a lesson or `shared`: xtask starts the lessons, as a reader does.

mod attacks;
mod cli;
mod commands;
mod directed;
mod drawing;
mod exit;
mod judgement;
mod labels;
mod parallel;
mod player;
mod program;
mod reading;
mod schedules;
mod search;
mod steps;
mod terminal;
mod time_budget;
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
