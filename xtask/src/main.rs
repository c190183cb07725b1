//! `cargo xtask`: runs every lesson and verifies its output against its transcript.
//!
//! One command, one file. Nothing here links a lesson or `shared`: what checks
//! them starts them, as a reader does.

mod answer;
mod blocks;
mod cargo;
mod cli;
mod excerpt;
mod finding;
mod heartbeat;
mod house;
mod interrupt;
mod judgement;
mod left;
mod list;
mod parts;
mod processes;
mod prose;
mod run;
mod runner;
mod scene;
mod selector;
mod shake;
mod show;
mod supervisor;
mod terminal;
mod tidy;
mod verify;
mod workspace;

use std::process::ExitCode;

use clap::Parser;

use crate::answer::{Answer, Error, Result};
use crate::cli::{Cli, Command};

fn main() -> ExitCode {
    match dispatch(&Cli::parse().command) {
        Ok(answer) => answer.into(),
        Err(Error::NoReader) => ExitCode::SUCCESS,
        Err(Error::Interrupted) => Answer::Interrupted.into(),
        Err(error @ Error::Question(_)) => {
            anstream::eprintln!("{}: {error}", terminal::paint(terminal::BAD, "error"));
            ExitCode::from(2)
        }
    }
}

fn dispatch(command: &Command) -> Result {
    match command {
        Command::List(arguments) => list::list(arguments),
        Command::Run(arguments) => run::run(arguments),
        Command::Show(arguments) => show::show(arguments),
        Command::Verify(arguments) => verify::verify(arguments),
        Command::Tidy(arguments) => tidy::tidy(arguments),
        Command::Supervise(arguments) => supervisor::supervise(arguments),
        _ => Err(Error::Question("this command is not there yet".to_owned())),
    }
}
