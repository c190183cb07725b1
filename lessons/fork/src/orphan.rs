//! What becomes of a child whose parent ends first?

use std::io::{self, PipeReader, PipeWriter, Read};

use nix::sys::wait::waitpid;
use nix::unistd::{getpid, getppid};
use shared::{Fork, Result, exit, fork};

/// When a process ends, its child goes on and gets another parent.
pub(crate) fn scene() -> Result<()> {
    // Nothing is written to these pipes: end-of-file is the message.
    let (parent_gone, main_waits) = io::pipe()?;
    let (grandchild_gone, grandchild_lives) = io::pipe()?;
    match fork()? {
        Fork::Parent { child } => {
            drop(grandchild_lives);
            waitpid(child, None)?;
            println!("main {}: {child} has ended", getpid());
            drop(main_waits);
            end_of_file(grandchild_gone)?;
            println!("main {}: the grandchild is done", getpid());
            Ok(())
        }
        Fork::Child => {
            drop(main_waits); // While any copy is open, the grandchild never sees end-of-file.
            leave_an_orphan(parent_gone, grandchild_lives)
        }
    }
}

/// Runs in the child, and in the grandchild.
fn leave_an_orphan(parent_gone: PipeReader, lives: PipeWriter) -> Result<()> {
    let parent = getpid();
    match fork()? {
        Fork::Parent { child } => println!("child {parent}: my child is {child}, I end now"),
        Fork::Child => {
            end_of_file(parent_gone)?;
            println!("grandchild {}: my parent was {parent}, now it is {}", getpid(), getppid());
            drop(lives);
        }
    }
    exit(0)
}

/// Waits until the pipe's last write end is closed.
fn end_of_file(mut pipe: PipeReader) -> Result<()> {
    pipe.read_to_end(&mut Vec::new())?;
    Ok(())
}
