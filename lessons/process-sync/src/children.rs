//! Several children at once: start them, join them all.

use shared::{Child, Error, Process, Result};

/// Starts so many children, which do the same work, each with its number from 1.
pub(crate) fn start(count: u32, work: impl Fn(u32) -> Result<()>) -> Result<Vec<Child>> {
    (1..=count).map(|number| Process::new(|| work(number)).start()).collect()
}

/// Joins one after the other. When one has failed, those behind it are killed: they may wait for it for ever.
pub(crate) fn join(children: Vec<Child>) -> Result<()> {
    for child in children {
        let exit = child.join()?;
        if !exit.success() {
            return Err(Error::other(format!("a child failed: {exit}")));
        }
    }
    Ok(())
}
