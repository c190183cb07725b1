//! Processes and programs: what a child returns, what it survives, and what is left of it.

mod child;
mod ends;
mod fork;
#[path = "../harness/mod.rs"]
mod harness;
mod join_all;
mod orphans;
mod ownership;
#[path = "../harness/seccomp.rs"]
mod seccomp;
#[path = "../harness/sigchld.rs"]
mod sigchld;
mod spare;
mod subprocess;
mod surroundings;
#[path = "../harness/timeouts.rs"]
mod timeouts;

use std::panic;
use std::process::ExitCode;
use std::time::Duration;

use nix::unistd::pause;
use shared::{Child, Exit, Process, Result};

fn main() -> ExitCode {
    let tests = [
        fork::TESTS,
        ends::TESTS,
        child::TESTS,
        join_all::TESTS,
        orphans::TESTS,
        ownership::TESTS,
        spare::TESTS,
        surroundings::TESTS,
        subprocess::TESTS,
    ];
    let acts = [fork::ACTS, child::ACTS, orphans::ACTS, surroundings::ACTS, subprocess::ACTS];
    harness::main(&tests.concat(), &acts.concat())
}

const SECOND: Duration = Duration::from_secs(1);
/// After this, what has not come will not come. It is long enough for a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(10);

/// A child that waits until it is killed.
fn waiting() -> Child {
    Process::new(|| {
        loop {
            pause();
        }
    })
    .start()
    .unwrap()
}

fn end_of(work: impl FnOnce() -> Result<()>) -> Exit {
    Process::new(work).start().unwrap().join().unwrap()
}

/// The same for a child that is meant to panic: without its message on stderr.
fn end_of_quiet(work: impl FnOnce() -> Result<()>) -> Exit {
    end_of(|| {
        panic::set_hook(Box::new(|_| ()));
        work()
    })
}
