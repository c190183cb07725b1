//! How do two additions stay two?

use shared::sync::Lock;
use shared::{Process, Result, clock, join_all};

/// A process that holds the lock from its read to its write loses no addition.
pub(crate) fn scene() -> Result<()> {
    let counter = Lock::new(0)?; // New: the number is inside the lock.
    let mut children = Vec::new();
    for number in 1..=2 {
        children.push(Process::new(|| add(number, &counter)).start()?);
    }
    join_all(children)?;
    println!("main: two additions, and the counter is {}", *counter.acquire()?);
    Ok(())
}

/// Runs in each child. The sleep stands for work, and leaves the other process time to interfere.
fn add(number: u32, counter: &Lock<u32>) -> Result<()> {
    let mut guard = counter.acquire()?; // New: only one process at a time.
    let read = *guard;
    println!("process {number}: reads {read}");
    clock::sleep(0.5 * f64::from(number));
    println!("process {number}: writes {}", read + 1);
    *guard = read + 1;
    Ok(())
}
