//! What does fork say when there may be no more processes?

use nix::sys::resource::{Resource, setrlimit};
use nix::sys::wait::waitpid;
use nix::unistd::{Uid, setresuid};
use shared::{Fork, Result, exit, fork};

/// The limit stops the child's fork, and not its parent's.
pub(crate) fn scene() -> Result<()> {
    // A child lowers the limit, because neither the limit nor the user can be changed back.
    match fork()? {
        Fork::Parent { child } => {
            waitpid(child, None)?;
            println!("parent: I have no such limit, my fork worked");
            Ok(())
        }
        Fork::Child => {
            give_up_processes()?;
            fork_at_the_limit()
        }
    }
}

/// Runs in the child.
fn give_up_processes() -> Result<()> {
    println!("child: from now on my user may have 0 processes");
    setrlimit(Resource::RLIMIT_NPROC, 0, 0)?;
    if Uid::effective().is_root() {
        // The limit does not hold for root, so become a user without rights: 65534 is usually called `nobody`.
        let nobody = Uid::from_raw(65534);
        setresuid(nobody, nobody, nobody)?;
    }
    Ok(())
}

/// Runs in the child.
fn fork_at_the_limit() -> ! {
    match fork() {
        Err(error) => println!("child: {error}"),
        Ok(Fork::Parent { child }) => println!("child: fork worked, I have a child {child}"),
        Ok(Fork::Child) => println!("grandchild: I should not be here"),
    }
    exit(0)
}
