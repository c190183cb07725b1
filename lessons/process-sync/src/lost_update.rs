//! Two processes add 1: why is the sum 1?

use std::sync::atomic::{AtomicU32, Ordering};

use shared::sync::Barrier;
use shared::{Memory, Process, Result, join_all};

/// If both processes read before one of them writes, an addition is lost.
pub(crate) fn scene() -> Result<()> {
    let counter = Memory::new(AtomicU32::new(0))?;
    let both_have_read = Barrier::new(2)?; // It makes the rare case certain.
    let mut children = Vec::new();
    for number in 1..=2 {
        children.push(Process::new(|| add(number, &counter, &both_have_read)).start()?);
    }
    join_all(children)?;
    println!("main: two additions, and the counter is {}", counter.load(Ordering::Relaxed));
    Ok(())
}

/// Runs in each child.
fn add(number: u32, counter: &AtomicU32, both_have_read: &Barrier) -> Result<()> {
    let read = counter.load(Ordering::Relaxed);
    println!("process {number}: reads {read}");
    both_have_read.wait()?; // Wait until the other process has come here too.
    println!("process {number}: writes {}", read + 1);
    counter.store(read + 1, Ordering::Relaxed);
    Ok(())
}
