//! What does a reader do when there is nothing?

use shared::clock::{self, Stopwatch};
use shared::{Error, Process, Queue, Result};

/// A get waits for an item, and gives up at its timeout. An item that comes in time ends the wait.
pub(crate) fn scene() -> Result<()> {
    let queue = Queue::new()?;
    let watch = Stopwatch::start();
    if let Err(Error::Empty) = queue.get_timeout(clock::seconds(2.0)) {
        println!("reader: still empty after {:.1} s", watch.seconds());
    }

    let watch = Stopwatch::start();
    let writer = Process::new(|| write(&queue)).start()?;
    let letter = queue.get_timeout(clock::seconds(60.0))?;
    println!("reader: got {letter} after {:.1} s", watch.seconds());
    writer.join()?;

    if let Err(error) = queue.try_get() {
        println!("reader: {error}");
    }
    Ok(())
}

/// Runs in the child. The sleep stands for work.
fn write(queue: &Queue<char>) -> Result<()> {
    clock::sleep(1.0);
    println!("writer: puts A");
    queue.put(&'A')
}
