//! Two children append to one list: whose list grows?

use nix::sys::wait::waitpid;
use nix::unistd::getpid;
use shared::{Fork, Result, clock, exit, fork};

/// Two children append ten numbers each. Each child sees its own ten, and the parent sees none.
pub(crate) fn scene() -> Result<()> {
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
    println!("parent {}: {list:?}", getpid());
    Ok(())
}

/// Runs in both children.
fn append(name: &str, list: &mut Vec<u32>) -> ! {
    for number in 0..10 {
        list.push(number);
        println!("{name} child {}: {list:?}", getpid());
        clock::sleep(0.2);
    }
    exit(0)
}
