//! Can a server have both?

use std::thread::{self, Builder};

use shared::Result;

use super::{one_at_a_time, prefork};
use crate::server::{Door, Terms};
use crate::visit;

/// Several processes with several threads each. Each thread serves one client at a time.
pub(crate) fn scene() -> Result<()> {
    visit::play(run)
}

/// The server.
pub(crate) fn run(door: &Door, terms: &Terms) -> Result<()> {
    prefork::keep_workers(door, terms, threads)
}

/// Runs in each worker. There is no queue: the threads take their clients at the door themselves.
fn threads(door: &Door, terms: &Terms) -> Result<()> {
    thread::scope(|scope| {
        for number in 1..=terms.threads {
            let thread = Builder::new().name(format!("thread-{number}"));
            thread.spawn_scoped(scope, || one_at_a_time::run(door, terms))?;
        }
        Ok(())
    })
}
