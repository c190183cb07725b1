//! Programs that misbehave in every way we could think of, and what a recording says of them.

mod acts;
mod cancel;
mod ending;
mod harness;
mod hung;
mod leftovers;
mod lines;
mod processes;
mod schedule;
mod supervisor;
mod suspension;

use std::env;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

/// A test's name and its body.
type Test = (&'static str, fn());

fn main() -> ExitCode {
    runner::supervise_if_asked();
    let words: Vec<String> = env::args().collect();
    if let [_, act, name, arguments @ ..] = &words[..]
        && act == acts::ACT
    {
        acts::play(name, arguments);
        return ExitCode::SUCCESS;
    }
    let files: [(&str, &[Test]); 9] = [
        ("cancel", cancel::TESTS),
        ("ending", ending::TESTS),
        ("hung", hung::TESTS),
        ("leftovers", leftovers::TESTS),
        ("lines", lines::TESTS),
        ("processes", processes::TESTS),
        ("schedule", schedule::TESTS),
        ("supervisor", supervisor::TESTS),
        ("suspension", suspension::TESTS),
    ];
    let trial = |file: &str, (name, body): &Test| {
        let body = *body;
        Trial::test(format!("{file}::{name}"), move || {
            body();
            Ok(())
        })
    };
    let trials =
        files.iter().flat_map(|(file, tests)| tests.iter().map(|test| trial(file, test))).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}
