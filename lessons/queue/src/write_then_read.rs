//! Where are the messages between their writer and their reader?

use std::process::id;

use shared::{Process, Queue, Result, clock};

/// The writer has ended before the reader starts, and the reader gets all letters in order.
pub(crate) fn scene() -> Result<()> {
    let letters = Queue::new()?; // Made before the children, so that both inherit it.
    let writer = Process::new(|| write(&letters)).start()?;
    writer.join()?;
    println!("main: the writer has ended, {} letters wait", letters.len());
    let reader = Process::new(|| read(&letters)).start()?;
    reader.join()?;
    println!("main: the reader has ended, {} letters wait", letters.len());
    Ok(())
}

/// Runs in a child. The sleep stands for work.
fn write(letters: &Queue<char>) -> Result<()> {
    for letter in ['A', 'B', 'C'] {
        println!("writer {}: puts {letter}", id());
        letters.put(&letter)?;
        clock::sleep(fastrand::f64());
    }
    Ok(())
}

/// Runs in another child. The sleep stands for work.
fn read(letters: &Queue<char>) -> Result<()> {
    while !letters.is_empty() {
        println!("reader {}: got {}", id(), letters.get()?);
        clock::sleep(fastrand::f64());
    }
    Ok(())
}
