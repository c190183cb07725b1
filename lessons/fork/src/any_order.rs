//! Four children: who is first?

use nix::sys::wait::waitpid;
use shared::{Fork, Result, exit, fork, lesson};

/// Four children print in any of 24 orders. The parent comes last, because it waits.
pub(crate) fn scene() -> Result<()> {
    let count: u32 = lesson::option("children")?;
    let mut children = Vec::new();
    for number in 1..=count {
        match fork()? {
            Fork::Parent { child } => children.push(child),
            Fork::Child => be_a_child(number),
        }
    }
    for child in children {
        waitpid(child, None)?;
    }
    println!("parent: {count} children have ended");
    Ok(())
}

/// Runs in a child.
fn be_a_child(number: u32) -> ! {
    println!("child {number} is here");
    exit(0) // Without it the child would go on with the loop and fork children of its own.
}
