//! What becomes of text that is not written yet?

use std::io::{self, Write};

use nix::sys::wait::waitpid;
use shared::{Fork, Result, exit, fork};

/// What stdout has buffered before fork comes out of both processes; flushed first, it comes out once.
pub(crate) fn scene() -> Result<()> {
    unflushed()?;
    flushed()
}

/// The flaw: the buffer is memory, so the child gets a copy of it.
fn unflushed() -> Result<()> {
    print!("not flushed, ");
    fork_in_mid_line()
}

fn flushed() -> Result<()> {
    print!("flushed, ");
    io::stdout().flush()?; // New: the buffer is empty when fork copies it.
    fork_in_mid_line()
}

/// Parent and child each print the rest of the line, the child first.
fn fork_in_mid_line() -> Result<()> {
    match fork()? {
        Fork::Parent { child } => {
            waitpid(child, None)?;
            println!("said the parent");
            Ok(())
        }
        Fork::Child => {
            println!("said the child");
            exit(0)
        }
    }
}
