//! What if each client gets a thread?

use std::thread::{self, Builder};

use shared::Result;

use crate::server::{Door, Terms, serve};
use crate::visit;

/// Each client has a thread of its own, and so waits for no other client.
pub(crate) fn scene() -> Result<()> {
    visit::play(run)
}

/// The server.
pub(crate) fn run(door: &Door, terms: &Terms) -> Result<()> {
    thread::scope(|scope| {
        let mut number = 0;
        while let Some(client) = door.next() {
            number += 1;
            let thread = Builder::new().name(format!("thread-{number}"));
            let started = thread.spawn_scoped(scope, move || serve(client, door, terms));
            if let Err(error) = started {
                door.complain("starting a thread", error); // The closure is gone, and the socket with it.
            }
        }
    }); // The scope joins all threads. Each finishes what its client has begun.
    Ok(())
}
