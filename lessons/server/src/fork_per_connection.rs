//! What if each client gets a process?

use shared::{Child, Process, Result};

use crate::design::Terms;
use crate::door::Door;
use crate::serve::serve;
use crate::visit;

/// Each client has a process of its own, and so waits for no other client.
pub(crate) fn scene() -> Result<()> {
    visit::play(run)
}

/// The server.
pub(crate) fn run(door: &Door, terms: &Terms) -> Result<()> {
    let mut children: Vec<Child> = Vec::new();
    while let Some(client) = door.next() {
        children.retain(Child::is_alive); // A child that has ended is dropped here, and so it is reaped.
        let child = Process::new(move || {
            serve(client, &door.stop, terms);
            Ok(())
        });
        match child.start() {
            Ok(child) => children.push(child),
            Err(error) => door.complain("fork", error), // Our copy of the socket is closed: this client has to go.
        }
    }
    for child in children {
        child.join()?; // Each finishes what its client has begun.
    }
    Ok(())
}
