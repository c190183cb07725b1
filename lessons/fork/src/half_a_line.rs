//! What becomes of text that is not written yet?

use std::io::{self, Write};

use nix::sys::wait::waitpid;
use shared::{Fork, Result, exit, fork};

/// A flush before the fork decides how often the first half of a line comes out.
pub(crate) fn scene() -> Result<()> {
    unflushed()?;
    flushed()
}

/// The flaw: it forks in the middle of a line.
fn unflushed() -> Result<()> {
    print!("not flushed, ");
    fork_in_mid_line()
}

/// The repair.
fn flushed() -> Result<()> {
    print!("flushed, ");
    io::stdout().flush()?; // New: write it out first.
    fork_in_mid_line()
}

/// The child prints the rest of the line, then the parent does.
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
