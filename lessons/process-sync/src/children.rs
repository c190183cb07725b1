//! Several children at once: start them, join them all.

use std::collections::VecDeque;
use std::time::Duration;

use shared::{Child, Error, Process, Result};

const A_MOMENT: Duration = Duration::from_millis(10);

/// Starts so many children, which do the same work, each with its number from 1.
pub(crate) fn start(count: u32, work: impl Fn(u32) -> Result<()>) -> Result<Vec<Child>> {
    (1..=count).map(|number| Process::new(|| work(number)).start()).collect()
}

/// Joins them all. When one has failed, the others are killed: they may wait for it for ever.
pub(crate) fn join(children: Vec<Child>) -> Result<()> {
    let mut running = VecDeque::from(children);
    while let Some(mut child) = running.pop_front() {
        match child.join_timeout(A_MOMENT)? {
            None => running.push_back(child), // See to the others meanwhile.
            Some(exit) if exit.success() => {}
            Some(exit) => return Err(Error::other(format!("a child failed: {exit}"))),
        }
    }
    Ok(())
}
