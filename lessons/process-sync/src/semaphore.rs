//! How do I let two in, and no more?

use std::num::NonZeroUsize;

use shared::clock::{self, Stopwatch};
use shared::sync::BoundedSemaphore;
use shared::{Process, Result, join_all, lesson};

/// Six processes want to come in, and at most two are inside at any moment.
pub(crate) fn scene() -> Result<()> {
    let watch = Stopwatch::start();
    let count: NonZeroUsize = lesson::option("seats")?; // Not zero: then no process could come in.
    let seats = BoundedSemaphore::new(count.get())?;
    let mut children = Vec::new();
    for number in 1..=6 {
        children.push(Process::new(|| visit(number, &seats)).start()?);
    }
    join_all(children)?;
    println!("main: six visits in {:.1} s", watch.seconds());
    Ok(())
}

/// Runs in each child. The sleep stands for a visit.
fn visit(number: u32, seats: &BoundedSemaphore) -> Result<()> {
    let _permit = seats.acquire()?;
    println!("process {number}: comes in");
    clock::sleep(1.0);
    println!("process {number}: leaves");
    Ok(())
}
