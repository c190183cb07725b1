//! Shared memory and what is built on it: what each promises, and what it survives.

#[path = "../harness/children.rs"]
mod children;
#[path = "../harness/mod.rs"]
mod harness;
mod semantics;
mod storms;
mod survival;

use std::process::ExitCode;
use std::time::Duration;

use shared::sync::{AcquireError, Event};
use shared::{Error, Result};

use crate::children::fails_after_its_limit;

fn main() -> ExitCode {
    let tests: Vec<harness::Body> = [semantics::TESTS, survival::TESTS, storms::TESTS].concat();
    harness::main(&tests, survival::ACTS)
}

fn times_out<T, E: Into<Error>>(what: &str, call: impl FnMut(Duration) -> Result<T, E>) {
    fails_after_its_limit(what, |error| matches!(error, Error::TimedOut), call);
}

/// What a child does that only waits.
fn wait(event: &Event) -> Result<()> {
    event.wait();
    Ok(())
}

fn is_recovered<G>(result: &Result<G, AcquireError<G>>) -> bool {
    matches!(result, Err(AcquireError::Recovered(_)))
}
