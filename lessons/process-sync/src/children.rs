//! Several children at once: start them, join them all.

use shared::{Child, Error, Process, Result};

/// Starts so many children, which do the same work, each with its number from 1.
pub(crate) fn start(count: u32, work: impl Fn(u32) -> Result<()>) -> Result<Vec<Child>> {
    (1..=count).map(|number| Process::new(|| work(number)).start()).collect()
}

/// Waits until all have ended; an error if one of them failed.
pub(crate) fn join(children: Vec<Child>) -> Result<()> {
    let mut exits = children.into_iter().map(Child::join).collect::<Result<Vec<_>>>()?.into_iter();
    match exits.find(|exit| !exit.success()) {
        Some(exit) => Err(Error::other(format!("a child failed: {exit}"))),
        None => Ok(()),
    }
}
