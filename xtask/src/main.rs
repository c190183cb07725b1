//! `cargo xtask`: runs every lesson and verifies its output against its transcript.
//!
//! One command, one file. Nothing here links a lesson or `shared`: what checks
//! them starts them, as a reader does.

mod answer;
mod artifacts;
mod audit;
mod bench;
mod bless;
mod blocks;
mod cargo;
mod check;
mod ci;
mod cli;
mod diff;
mod doctor;
mod excerpt;
mod judgement;
mod list;
mod new;
mod outcomes;
mod parallel;
mod run;
mod runner;
mod scene;
mod selector;
mod show;
mod terminal;
mod tidy;
mod verify;
mod workspace;

use std::process::ExitCode;

use clap::Parser;

use crate::answer::{Error, Result};
use crate::cli::{Cli, Command};

fn main() -> ExitCode {
    match dispatch(&Cli::parse().command) {
        Ok(answer) => answer.into(),
        Err(Error::NoReader) => ExitCode::from(141),
        Err(Error::Interrupted) => ExitCode::from(130),
        Err(Error::Told) => ExitCode::from(2),
        Err(Error::NotCompiled(errors)) => {
            anstream::eprintln!("{errors}");
            ExitCode::FAILURE
        }
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
        Command::Check(arguments) => check::check(arguments),
        Command::Diff(arguments) => diff::diff(arguments),
        Command::Show(arguments) => show::show(arguments),
        Command::Verify(arguments) => verify::verify(arguments),
        Command::Bless(arguments) => bless::bless(arguments),
        Command::Audit(arguments) => audit::audit(arguments),
        Command::Bench(arguments) => bench::bench(arguments),
        Command::New(arguments) => new::new(arguments),
        Command::Tidy(arguments) => tidy::tidy(arguments),
        Command::Doctor => doctor::doctor(),
        Command::Ci => ci::ci(),
        Command::Outcomes(arguments) => outcomes::outcomes(arguments),
        Command::Supervise(arguments) => runner::supervise(arguments),
    }
}
