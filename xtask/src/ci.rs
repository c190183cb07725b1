//! `ci`: everything that a change must pass, with one command and one number at the end.

use std::process::Command;
use std::time::Instant;

use crate::answer::{Answer, Result};
use crate::cargo::{answer, cargo};
use crate::terminal::{BAD, GOOD, STRONG, paint, println};
use crate::workspace::Workspace;

/// What cargo does by itself. The programs of `bench` are no member of the workspace, and must fit `shared` all the same.
const CARGO: [(&str, &str); 5] = [
    ("fmt", "--all --check"),
    ("clippy", "--workspace --all-targets --quiet -- -D warnings"),
    ("clippy", "--manifest-path xtask/bench/Cargo.toml --all-targets --quiet -- -D warnings"),
    ("test", "--workspace --quiet --no-fail-fast"),
    ("doc", "--workspace --no-deps --quiet"),
];

/// What xtask does after that.
const OURS: [&str; 3] = ["tidy", "check", "audit --broken"];

pub(crate) fn ci() -> Result {
    let workspace = Workspace::find()?;
    let mut tally = Tally::default();
    for (name, options) in CARGO {
        let mut command = cargo(&workspace, name);
        command.args(options.split_whitespace()).env("RUSTDOCFLAGS", "-D warnings");
        tally.step(name, command)?;
    }
    for line in OURS {
        // Not current_exe: cargo may have replaced the file since we started.
        let mut command = Command::new("/proc/self/exe");
        command.args(line.split_whitespace());
        tally.step(line, command)?;
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
    fn step(&mut self, name: &str, mut command: Command) -> Result<()> {
        println(paint(STRONG, format_args!("── {name}")))?;
        let start = Instant::now();
        let verdict = match answer(command.status()) {
            Ok(Answer::Held) => {
                self.passed += 1;
                paint(GOOD, "passed")
            }
            Ok(Answer::Broken) => {
                self.failed += 1;
                paint(BAD, "failed")
            }
            Err(error) => return Err(error),
        };
        println(format_args!("{name} {verdict} in {:.1} s\n", start.elapsed().as_secs_f64()))
    }
}
