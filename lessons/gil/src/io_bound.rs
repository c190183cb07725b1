//! Are eight waits faster in threads, or in processes?

use std::thread;

use shared::{Process, Result, clock, join_all};

use crate::bars::Bars;

/// Eight waits of half a second each: one after another, in eight threads, and in eight processes.
pub(crate) fn scene() -> Result<()> {
    let mut bars = Bars::default();
    bars.measure("one after another", || {
        for _ in 1..=8 {
            wait()?;
        }
        Ok(())
    })?;
    bars.measure("eight threads", || {
        let threads = Vec::from_iter((1..=8).map(|_| thread::spawn(wait)));
        threads.into_iter().try_for_each(|thread| thread.join().expect("wait does not panic"))
    })?;
    bars.measure("eight processes", || {
        let children = (1..=8).map(|_| Process::new(wait).start());
        join_all(children.collect::<Result<Vec<_>>>()?)
    })
}

/// Runs in main, then in the threads, then in the children. The sleep stands for a wait for the network.
fn wait() -> Result<()> {
    clock::sleep(0.5);
    Ok(())
}
