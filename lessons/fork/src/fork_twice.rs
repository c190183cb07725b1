//! Two forks in a row: how many processes?

use nix::errno::Errno;
use nix::sys::wait::wait;
use nix::unistd::{getpid, getppid};
use shared::{Fork, Result, exit, fork};

/// Both processes that come out of the first fork call the second one.
pub(crate) fn scene() -> Result<()> {
    println!("{} start", getpid());
    let first = fork_and_tell()?;
    let second = fork_and_tell()?;
    if second == Fork::Child {
        exit(0);
    }
    wait_for_all()?;
    println!("{} done", getpid());
    match first {
        Fork::Parent { .. } => Ok(()),
        Fork::Child => exit(0),
    }
}

fn fork_and_tell() -> Result<Fork> {
    let fork = fork()?;
    match fork {
        Fork::Parent { child } => println!("{} forked {child}", getpid()),
        Fork::Child => println!("{} child of {}", getpid(), getppid()),
    }
    Ok(fork)
}

/// Waits until this process has no child left.
fn wait_for_all() -> Result<()> {
    loop {
        match wait() {
            Err(Errno::ECHILD) => return Ok(()),
            other => other?,
        };
    }
}
