//! The command line of a lesson, tried from outside. This program is also the lesson that it tries.

mod command_line;
mod endings;
mod scenes;

use std::env;
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use libtest_mimic::{Arguments, Failed, Trial};
use signal_hook::consts::SIGINT;
use signal_hook::flag;

/// A test's name and its body.
type Test = (&'static str, fn());

/// Set in the environment: be the lesson of that name.
const LESSON: &str = "LESSON_UNDER_TEST";

fn main() -> ExitCode {
    if let Ok(name) = env::var(LESSON) {
        return scenes::play(&name);
    }
    // A shell's background job has SIGINT ignored, and so would the lessons here. A handler is not inherited.
    flag::register_conditional_default(SIGINT, Arc::new(AtomicBool::new(true))).expect("a handler");
    let trial = |&(name, body): &Test| {
        Trial::test(name, move || {
            body();
            Ok::<(), Failed>(())
        })
    };
    let mut trials: Vec<Trial> =
        command_line::TESTS.iter().chain(endings::TESTS).map(trial).collect();
    trials.extend(endings::container_trials());
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// The lesson `name`, called with the words of `line`.
fn lesson(name: &str, line: &str) -> Command {
    let mut command = Command::new(env::current_exe().expect("own path"));
    command.env(LESSON, name).args(line.split_whitespace());
    command
}

/// What the program is called in its messages: the test binary's name ends with a hash.
fn program() -> String {
    env::current_exe().unwrap().file_name().unwrap().to_string_lossy().into_owned()
}
