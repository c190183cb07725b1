//! How do parent and child know each other?

use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{getpid, getppid};
use shared::{Fork, Result, exit, fork};

/// The parent learns the child's pid from fork; the child asks for its parent's with getppid.
pub(crate) fn scene() -> Result<()> {
    println!("parent {}: about to fork", getpid());
    let fork = fork()?;
    match fork {
        Fork::Parent { child } => println!("parent {}: forked {child}", getpid()),
        Fork::Child => println!("child {}: my parent is {}", getpid(), getppid()),
    }
    println!("{} runs the line below the match", getpid());
    match fork {
        Fork::Parent { child } => {
            if let WaitStatus::Exited(pid, code) = waitpid(child, None)? {
                println!("parent {}: {pid} exited with {code}", getpid());
            }
            Ok(())
        }
        Fork::Child => {
            println!("child {}: exiting with 7", getpid());
            exit(7)
        }
    }
}
