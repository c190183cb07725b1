//! Four children: which is first?

use std::process::id;

use shared::{Process, Result, clock, join_all};

/// Four children are started in turn and end in any of 24 orders. The parent comes last, because it joins all.
pub(crate) fn scene() -> Result<()> {
    let mut children = Vec::new();
    for number in 1..=4 {
        children.push(Process::new(|| work(number)).start()?);
    }
    join_all(children)?;
    println!("parent {}: all have ended", id());
    Ok(())
}

/// Runs in each child. The sleep stands for work.
fn work(number: u32) -> Result<()> {
    clock::sleep(1.0);
    println!("child {number}: has worked, I am {}", id());
    Ok(())
}
