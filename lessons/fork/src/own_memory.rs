//! Who sees what a child changes?

use nix::sys::wait::waitpid;
use shared::{Fork, Result, exit, fork};

/// The child counts to 1; the parent's counter is still 0.
pub(crate) fn scene() -> Result<()> {
    let mut counter = 0;
    match fork()? {
        Fork::Parent { child } => {
            waitpid(child, None)?;
            println!("parent: the counter at {:p} is {counter}", &counter);
        }
        Fork::Child => {
            counter += 1;
            println!("child: the counter at {:p} is {counter}", &counter);
            exit(0);
        }
    }
    Ok(())
}
