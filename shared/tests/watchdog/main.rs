//! Which programs the watchdog finds stuck, and which not.

#[expect(dead_code, reason = "these tests need only a part of it")]
#[path = "../harness/mod.rs"]
mod harness;
mod storms;
mod verdicts;

use std::process::ExitCode;
use std::thread::{self, JoinHandle};

use shared::watchdog::{self, Ending};

fn main() -> ExitCode {
    harness::main(&[verdicts::TESTS, storms::TESTS].concat(), storms::ACTS)
}

/// The names of the threads that are stuck.
#[track_caller]
fn stuck(work: impl FnOnce() + Send + 'static) -> Vec<String> {
    match watchdog::run(work).unwrap() {
        Ending::Stuck(threads) => threads.into_iter().map(|thread| thread.name).collect(),
        Ending::Finished => panic!("it has finished"),
    }
}

#[track_caller]
fn finished(work: impl FnOnce() + Send + 'static) {
    assert_eq!(watchdog::run(work).unwrap(), Ending::Finished);
}

fn start(name: &str, body: impl FnOnce() + Send + 'static) -> JoinHandle<()> {
    thread::Builder::new().name(name.to_owned()).spawn(body).unwrap()
}
