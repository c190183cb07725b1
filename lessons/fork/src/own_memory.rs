//! Who sees what a child changes?

use nix::sys::wait::waitpid;
use shared::{Fork, Result, exit, fork};

/// The child counts to 1; the parent's counter is still 0.
pub(crate) fn scene() -> Result<()> {
    let mut counter = 0;
    match fork()? {
        Fork::Parent { child } => {
            waitpid(child, None)?;
            println!("parent: the counter is {counter}");
            println!("parent: its address is {:p}", &counter);
        }
        Fork::Child => {
            counter += 1;
            println!("child: the counter is {counter}");
            println!("child: its address is {:p}", &counter);
            exit(0);
        }
    }
    Ok(())
}
