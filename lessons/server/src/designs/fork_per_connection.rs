//! What if each client gets a process?

use nix::sys::prctl::set_pdeathsig;
use nix::sys::signal::Signal;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{getpid, getppid};
use shared::{Fork, Result, exit, fork};

use crate::server::{Door, Terms, serve};
use crate::visit;

/// Each client has a process of its own, and so waits for no other client.
pub(crate) fn scene() -> Result<()> {
    visit::play(run)
}

/// The server.
pub(crate) fn run(door: &Door, terms: &Terms) -> Result<()> {
    let parent = getpid();
    while let Some(client) = door.next() {
        while reap(WaitPidFlag::WNOHANG) {} // Those that have ended by now.
        match fork() {
            Ok(Fork::Child) => {
                set_pdeathsig(Signal::SIGKILL)?; // If the parent is killed, the kernel kills this process too.
                if getppid() == parent {
                    serve(client, door, terms); // The parent had not died before that call.
                }
                exit(0);
            }
            Ok(Fork::Parent { .. }) => drop(client), // The child has the other copy.
            Err(error) => door.complain("fork", error),
        }
    }
    while reap(WaitPidFlag::empty()) {} // Each child finishes what its client has begun.
    Ok(())
}

/// Returns false if no child has ended, or if there is none.
fn reap(wait: WaitPidFlag) -> bool {
    waitpid(None, Some(wait)).is_ok_and(|status| status != WaitStatus::StillAlive)
}
