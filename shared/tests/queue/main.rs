//! Queues: what each call promises, and what a queue survives.

#[path = "../harness/children.rs"]
mod children;
mod faults;
#[path = "../harness/mod.rs"]
mod harness;
mod messages;
mod order;
mod semantics;
#[path = "../harness/steps.rs"]
mod steps;
mod storms;

use std::process::ExitCode;

fn main() -> ExitCode {
    let tests: Vec<harness::Body> =
        [semantics::TESTS, messages::TESTS, order::TESTS, faults::TESTS, storms::TESTS].concat();
    harness::main(&tests, faults::ACTS)
}
