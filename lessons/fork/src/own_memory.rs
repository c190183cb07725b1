//! Who sees what a child changes?

use nix::sys::wait::waitpid;
use shared::{Fork, Result, exit, fork};

/// The child counts to 1; the parent's counter is still 0.
pub(crate) fn counter() -> Result<()> {
    let mut counter = 0;
    match fork()? {
        Fork::Parent { child } => {
            waitpid(child, None)?;
            println!("parent: the counter is {counter}");
        }
        Fork::Child => {
            counter += 1; // The child's own: fork has copied it.
            println!("child: the counter is {counter}");
            exit(0);
        }
    }
    Ok(())
}

/// Two children each append ten numbers to the list; each sees its own ten, and the parent's list stays empty.
pub(crate) fn list() -> Result<()> {
    let mut list = Vec::new();
    let mut children = Vec::new();
    for name in ["first", "second"] {
        match fork()? {
            Fork::Parent { child } => children.push(child),
            Fork::Child => append(name, &mut list),
        }
    }
    for child in children {
        waitpid(child, None)?;
    }
    println!("parent: the list is {list:?}");
    Ok(())
}

/// Runs in a child.
fn append(name: &str, list: &mut Vec<u32>) -> ! {
    list.extend(0..10);
    println!("{name} child: the list is {list:?}");
    exit(0)
}
