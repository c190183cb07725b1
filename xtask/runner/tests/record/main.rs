//! Programs that misbehave in many ways, and what a recording says about them.

mod acts;
mod cancel;
mod clock;
mod ending;
mod harness;
mod held;
mod hung;
mod leftovers;
mod lines;
mod orders;
mod processes;
mod replays;
mod schedule;
mod supervisor;
mod suspension;

use std::env;
use std::process::ExitCode;
use std::thread;

use libtest_mimic::{Arguments, Trial};

/// A test's name and its body.
type Test = (&'static str, fn());

/// How many tests run at the same time for each processor: most of them wait.
const TESTS_PER_PROCESSOR: usize = 8;

fn main() -> ExitCode {
    runner::supervise_if_asked();
    let words: Vec<String> = env::args().collect();
    if let [_, act, name, arguments @ ..] = &words[..]
        && act == acts::ACT
    {
        acts::play(name, arguments);
        return ExitCode::SUCCESS;
    }
    // The longest tests first: the others fit beside them.
    let files: [(&str, &[Test]); 13] = [
        ("suspension", suspension::TESTS),
        ("replays", replays::TESTS),
        ("held", held::TESTS),
        ("hung", hung::TESTS),
        ("ending", ending::TESTS),
        ("leftovers", leftovers::TESTS),
        ("processes", processes::TESTS),
        ("schedule", schedule::TESTS),
        ("orders", orders::TESTS),
        ("clock", clock::TESTS),
        ("lines", lines::TESTS),
        ("supervisor", supervisor::TESTS),
        ("cancel", cancel::TESTS),
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
    let mut arguments = Arguments::from_args();
    let processors = thread::available_parallelism().map_or(1, usize::from);
    arguments.test_threads.get_or_insert(TESTS_PER_PROCESSOR * processors);
    libtest_mimic::run(&arguments, trials).exit_code()
}
