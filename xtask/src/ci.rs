//! `ci`: everything that a change must pass, with one command and one number at the end.

use std::time::Instant;

use clap::Parser;

use crate::answer::{Answer, Error, Result};
use crate::cargo::{answer, cargo};
use crate::cli::Cli;
use crate::terminal::{BAD, GOOD, STRONG, paint, println};
use crate::workspace::Workspace;

/// What cargo does by itself.
const CARGO: [&str; 4] = [
    "fmt --all --check",
    "clippy --workspace --all-targets --quiet -- -D warnings",
    "test --workspace --quiet --no-fail-fast",
    "doc --workspace --no-deps --quiet",
];

/// What xtask does after that.
const OURS: [&str; 3] = ["tidy", "check", "audit --broken"];

pub(crate) fn ci() -> Result {
    let workspace = Workspace::find()?;
    let mut tally = Tally::default();
    for line in CARGO {
        let (name, options) = line.split_once(' ').unwrap_or((line, ""));
        tally.step(name, || {
            let mut command = cargo(&workspace, name);
            command.args(options.split_whitespace()).env("RUSTDOCFLAGS", "-D warnings");
            answer(command.status())
        })?;
    }
    for line in OURS {
        let words = ["xtask"].into_iter().chain(line.split_whitespace());
        tally.step(line, || crate::dispatch(&Cli::parse_from(words).command))?;
    }
    let Tally { passed, failed } = tally;
    println(format_args!("{passed} passed, {failed} failed"))?;
    Ok(Answer::from_failures(failed))
}

#[derive(Default)]
struct Tally {
    passed: usize,
    failed: usize,
}

impl Tally {
    /// Does one step and goes on whatever it answers, unless somebody pressed Ctrl-C.
    fn step(&mut self, name: &str, step: impl FnOnce() -> Result) -> Result<()> {
        println(paint(STRONG, format_args!("── {name}")))?;
        let start = Instant::now();
        let answer = match step() {
            Err(Error::Question(message)) => {
                println(message)?;
                Answer::Broken
            }
            answer => answer?,
        };
        let verdict = match answer {
            Answer::Held => paint(GOOD, "passed"),
            Answer::Broken => paint(BAD, "failed"),
            Answer::Interrupted => return Err(Error::Interrupted),
        };
        if answer == Answer::Held {
            self.passed += 1;
        } else {
            self.failed += 1;
        }
        println(format_args!("{name} {verdict} in {:.1} s\n", start.elapsed().as_secs_f64()))
    }
}
