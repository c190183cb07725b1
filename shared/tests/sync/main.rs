//! Shared memory and what is built on it: what each promises, and what it survives.

#[path = "../process/harness.rs"]
mod harness;
mod semantics;
mod storms;
mod survival;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use nix::unistd::pause;
use shared::sync::{AcquireError, Event};
use shared::{Child, Error, Exit, Process, Result};

fn main() -> ExitCode {
    let tests: Vec<harness::Body> = [semantics::TESTS, survival::TESTS, storms::TESTS].concat();
    harness::main(tests.leak(), survival::ACTS)
}

const SECOND: Duration = Duration::from_secs(1);
/// What is late by more than this has missed its limit.
const TENTH: Duration = Duration::from_millis(100);

fn start(work: impl FnOnce() -> Result<()>) -> Child {
    Process::new(work).start().unwrap()
}

/// A child that does its work and then waits to be killed. Returns when the work is done.
fn start_and_stay(work: impl FnOnce() -> Result<()>) -> Child {
    let done = Event::new().unwrap();
    let child = start(|| {
        work()?;
        done.set();
        loop {
            pause();
        }
    });
    assert!(done.wait_timeout(5 * SECOND), "the child has not done its work");
    child
}

fn join_all(children: impl IntoIterator<Item = Child>) {
    for child in children {
        assert_eq!(child.join().unwrap(), Exit::Code(0));
    }
}

/// The call must fail for want of time: not before the limit, and at most a tenth of a second after it.
fn times_out<T, E: Into<Error>>(what: &str, mut call: impl FnMut(Duration) -> Result<T, E>) {
    for milliseconds in [0, 1, 250] {
        let limit = Duration::from_millis(milliseconds);
        let start = Instant::now();
        assert!(
            matches!(call(limit).map_err(Into::into), Err(Error::TimedOut)),
            "{what}: no TimedOut"
        );
        let waited = start.elapsed();
        assert!(waited >= limit && waited < limit + TENTH, "{what}: {waited:?} for {limit:?}");
    }
}

/// What a child does that only waits.
fn wait(event: &Event) -> Result<()> {
    event.wait();
    Ok(())
}

fn is_recovered<G>(result: &Result<G, AcquireError<G>>) -> bool {
    matches!(result, Err(AcquireError::Recovered(_)))
}
