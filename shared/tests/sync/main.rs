//! Shared memory and what is built on it: what each promises, and what it survives.

mod barrier;
#[path = "../harness/children.rs"]
mod children;
mod condition;
mod event;
#[path = "../harness/mod.rs"]
mod harness;
mod lock;
mod memory;
mod semaphore;
#[path = "../harness/steps.rs"]
mod steps;
mod storms;
mod survival;
mod timeouts;

use std::process::ExitCode;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use shared::sync::{AcquireError, Event};
use shared::{Error, Memory, Result};

use crate::children::fails_after_its_timeout;

fn main() -> ExitCode {
    let tests: Vec<harness::Body> = [
        memory::TESTS,
        lock::TESTS,
        semaphore::TESTS,
        condition::TESTS,
        event::TESTS,
        barrier::TESTS,
        timeouts::TESTS,
        survival::TESTS,
        storms::TESTS,
    ]
    .concat();
    harness::main(&tests, survival::ACTS)
}

fn times_out<T, E: Into<Error>>(what: &str, call: impl FnMut(Duration) -> Result<T, E>) {
    fails_after_its_timeout(what, |error| matches!(error, Error::TimedOut), call);
}

/// The work of a child that only waits.
fn wait(event: &Event) -> Result<()> {
    event.wait();
    Ok(())
}

fn is_recovered<G>(result: &Result<G, AcquireError<G>>) -> bool {
    matches!(result, Err(AcquireError::Recovered(_)))
}

/// How many processes or threads are inside now, and the most that have been inside at a time.
type Inside = Memory<(AtomicU32, AtomicU32)>;

fn inside() -> Inside {
    Memory::new((AtomicU32::new(0), AtomicU32::new(0))).unwrap()
}

/// Goes in, stays, and goes out again.
fn visit(inside: &Inside, stay: Duration) {
    let now = inside.0.fetch_add(1, Ordering::SeqCst) + 1;
    inside.1.fetch_max(now, Ordering::SeqCst);
    if !stay.is_zero() {
        thread::sleep(stay);
    }
    inside.0.fetch_sub(1, Ordering::SeqCst);
}
