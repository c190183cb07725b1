//! How do the two know each other?

use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{getpid, getppid};
use shared::{Fork, Result, exit, fork};

/// The parent learns the child's pid from fork, the child its parent's from getppid.
pub(crate) fn scene() -> Result<()> {
    println!("parent {}: about to fork", getpid());
    match fork()? {
        Fork::Parent { child } => {
            println!("parent {}: forked {child}", getpid());
            if let WaitStatus::Exited(pid, code) = waitpid(child, None)? {
                println!("parent {}: {pid} exited with {code}", getpid());
            }
        }
        Fork::Child => {
            println!("child {}: my parent is {}", getpid(), getppid());
            println!("child {}: exiting with 7", getpid());
            exit(7);
        }
    }
    Ok(())
}
