//! `ci`: every check that a change must pass, with one exit code at the end.

use std::io;
use std::process::{Command, ExitStatus, Output};
use std::thread;
use std::time::Instant;

use course::{Course, cargo};

use crate::exit::{Answer, Result};
use crate::terminal::{BAD, GOOD, STRONG, paint, println};

/// The calls of cargo, one list after the other; the calls in one list run at the same time. The programs of `bench`
/// are not members of the workspace, but must fit `shared` too.
const CARGO: [&[&str]; 8] = [
    &["fmt --all --check"],
    &["clippy --workspace --all-targets --quiet -- -D warnings"],
    // Packages that are built together get each other's features, but a reader builds one chapter at a time.
    &["clippy --package shared --all-targets --quiet -- -D warnings"],
    &["clippy --package shared --features processes --all-targets --quiet -- -D warnings"],
    &[
        "clippy --manifest-path xtask/bench/programs/Cargo.toml --all-targets --quiet -- -D warnings",
    ],
    &["test --workspace --no-run --quiet"],
    // Most tests wait most of the time.
    &[
        "test --package shared --features messages --quiet --no-fail-fast",
        "test --workspace --exclude shared --quiet --no-fail-fast",
    ],
    &["doc --workspace --no-deps --quiet"],
];

/// The calls of xtask after that.
const OURS: [&str; 3] = ["tidy", "check --thorough", "audit --broken"];

pub(crate) fn ci() -> Result {
    let course = Course::find()?;
    let mut steps = Steps::default();
    for lines in CARGO {
        let commands = lines.iter().map(|line| {
            let (subcommand, options) = line.split_once(' ').unwrap_or((line, ""));
            let mut command = cargo(&course, subcommand);
            command.args(options.split_whitespace()).env("RUSTDOCFLAGS", "-D warnings");
            (*line, command)
        });
        steps.in_parallel(commands.collect())?;
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
    /// Does steps at the same time. If there are several, their output is printed when all are done.
    fn in_parallel(&mut self, mut commands: Vec<(&str, Command)>) -> Result<()> {
        if let [_] = commands[..] {
            return commands.into_iter().try_for_each(|(name, command)| self.step(name, command));
        }
        let start = Instant::now();
        let outputs: Vec<io::Result<Output>> = thread::scope(|scope| {
            let started: Vec<_> =
                commands.iter_mut().map(|(_, command)| scope.spawn(|| command.output())).collect();
            started.into_iter().map(|step| step.join().expect("no panic")).collect()
        });
        for ((name, _), output) in commands.iter().zip(outputs) {
            println(paint(STRONG, format_args!("── {name}")))?;
            if let Ok(output) = &output {
                println(String::from_utf8_lossy(&output.stdout))?;
                anstream::eprint!("{}", String::from_utf8_lossy(&output.stderr));
            }
            self.report(name, start, output.map(|output| output.status))?;
        }
        Ok(())
    }

    /// Does one step, and goes on even if it fails, unless Ctrl-C was pressed.
    fn step(&mut self, name: &str, mut command: Command) -> Result<()> {
        println(paint(STRONG, format_args!("── {name}")))?;
        let start = Instant::now();
        let status = command.status();
        self.report(name, start, status)
    }

    fn report(&mut self, name: &str, start: Instant, status: io::Result<ExitStatus>) -> Result<()> {
        let verdict = match Answer::from_call(status)? {
            Answer::Passed => {
                self.passed += 1;
                paint(GOOD, "passed")
            }
            Answer::Failed => {
                self.failed += 1;
                paint(BAD, "failed")
            }
        };
        println(format_args!("{name}: {verdict} in {:.1} s\n", start.elapsed().as_secs_f64()))
    }
}
