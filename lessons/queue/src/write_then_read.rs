//! First all in, then all out: where do the letters wait?

use std::process::id;

use shared::{Process, Queue, Result, clock};

/// The writer has ended before the reader starts, and its letters are there all the same, in order.
pub(crate) fn scene() -> Result<()> {
    let queue = Queue::new()?; // Made before the children, so that both have the same one.
    Process::new(|| write(&queue)).start()?.join()?;
    println!("main: the writer has ended, and {} letters wait", queue.len());
    Process::new(|| read(&queue)).start()?.join()?;
    println!("main: the reader has ended, and {} letters wait", queue.len());
    Ok(())
}

/// Runs in a child. The sleeps stand for writing.
fn write(queue: &Queue<char>) -> Result<()> {
    for letter in ['A', 'B', 'C'] {
        clock::sleep(fastrand::f64());
        println!("writer {}: puts {letter}", id());
        queue.put(&letter)?;
    }
    Ok(())
}

/// Runs in another child.
fn read(queue: &Queue<char>) -> Result<()> {
    while !queue.is_empty() {
        println!("reader {}: got {}", id(), queue.get()?);
    }
    Ok(())
}
