//! `ci`: everything that a change must pass, with one command and one number at the end.

use std::process::Command;
use std::time::Instant;

use course::{Course, cargo};

use crate::exit::{Answer, Result};
use crate::terminal::{BAD, GOOD, STRONG, paint, println};

/// What cargo does by itself. The programs of `bench` are no member of the workspace, and must fit `shared` all the same.
const CARGO: [(&str, &str); 7] = [
    ("fmt", "--all --check"),
    ("clippy", "--workspace --all-targets --quiet -- -D warnings"),
    // Packages that are built together get each other's features. A reader builds one chapter alone.
    ("clippy", "--package shared --all-targets --quiet -- -D warnings"),
    ("clippy", "--package shared --features processes --all-targets --quiet -- -D warnings"),
    (
        "clippy",
        "--manifest-path xtask/bench/programs/Cargo.toml --all-targets --quiet -- -D warnings",
    ),
    ("test", "--workspace --quiet --no-fail-fast"),
    ("doc", "--workspace --no-deps --quiet"),
];

/// What xtask does after that.
const OURS: [&str; 3] = ["tidy", "check", "audit --broken"];

pub(crate) fn ci() -> Result {
    let course = Course::find()?;
    let mut steps = Steps::default();
    for (name, options) in CARGO {
        let mut command = cargo(&course, name);
        command.args(options.split_whitespace()).env("RUSTDOCFLAGS", "-D warnings");
        steps.step(name, command)?;
    }
    for line in OURS {
        // Not current_exe: cargo may have replaced the file since we started.
        let mut command = Command::new("/proc/self/exe");
        command.args(line.split_whitespace());
        steps.step(line, command)?;
    }
    let Steps { passed, failed } = steps;
    println(format_args!("{passed} passed, {failed} failed"))?;
    Ok(Answer::from_failures(failed))
}

#[derive(Default)]
struct Steps {
    passed: usize,
    failed: usize,
}

impl Steps {
    /// Does one step and goes on whatever it answers, unless somebody pressed Ctrl-C.
    fn step(&mut self, name: &str, mut command: Command) -> Result<()> {
        println(paint(STRONG, format_args!("── {name}")))?;
        let start = Instant::now();
        let verdict = match Answer::from_call(command.status()) {
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
