//! What if there are more clients than threads?

use std::net::TcpStream;
use std::sync::{Mutex, mpsc};
use std::thread::{self, Builder};

use shared::Result;

use crate::server::{Door, Terms, serve};
use crate::visit;

/// The threads are there before the clients. A client waits in a queue until a thread is free.
pub(crate) fn scene() -> Result<()> {
    visit::play(run)
}

/// The server.
pub(crate) fn run(door: &Door, terms: &Terms) -> Result<()> {
    let (to_workers, queue) = mpsc::channel::<TcpStream>();
    let queue = &Mutex::new(queue);
    // The lock is released when this has returned, before the client is served.
    let next = move || queue.lock().expect("no worker panics while it waits").recv();
    thread::scope(|scope| {
        for number in 1..=terms.threads {
            Builder::new().name(format!("worker-{number}")).spawn_scoped(scope, move || {
                while let Ok(client) = next() {
                    serve(client, door, terms);
                }
            })?;
        }
        while let Some(client) = door.next() {
            to_workers.send(client).expect("the workers live as long as the queue");
        }
        drop(to_workers); // The workers take what is left in the queue, and end.
        Ok(())
    })
}
