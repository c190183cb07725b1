//! What if the processes are there before the clients?

use shared::{Process, Result};

use super::one_at_a_time;
use crate::server::{Design, Door, Terms};
use crate::visit;

/// Each worker serves one client at a time. As long as one of them is free, no client waits.
pub(crate) fn scene() -> Result<()> {
    visit::play(run)
}

/// The server.
pub(crate) fn run(door: &Door, terms: &Terms) -> Result<()> {
    keep_workers(door, terms, one_at_a_time::run)
}

/// Runs in the master, which serves no client. It replaces a worker that dies, until SIGTERM comes.
pub(crate) fn keep_workers(door: &Door, terms: &Terms, work: Design) -> Result<()> {
    let start = || Process::new(|| work(door, terms)).start();
    let mut workers = (0..terms.processes).map(|_| start()).collect::<Result<Vec<_>>>()?;
    loop {
        let dead: Vec<_> = workers.iter_mut().filter(|worker| !worker.is_alive()).collect();
        if door.stop.is_asked_within(0.5) {
            break; // We looked first and asked then, so SIGTERM has ended none of the dead.
        }
        for worker in dead {
            door.complain("a worker", "it has died");
            *worker = start()?;
        }
    }
    for worker in workers {
        worker.join()?; // It finishes what its client has begun. Its exit status no longer matters.
    }
    Ok(())
}
