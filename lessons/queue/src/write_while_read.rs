//! When may a reader be stopped?

use std::process::id;

use shared::{Process, Queue, Result, clock};

/// Two ways to stop a reader: terminate it when the queue is empty, or close the queue.
pub(crate) fn scene() -> Result<()> {
    terminated()?;
    closed()
}

/// The flaw: it stops the reader when the queue is empty.
fn terminated() -> Result<()> {
    let letters = Queue::new()?;
    let writer = Process::new(|| write(&letters)).start()?;
    let reader = Process::new(|| read(&letters)).start()?;
    writer.join()?;
    while !letters.is_empty() {
        clock::sleep(0.1);
    }
    reader.terminate()?;
    println!("main: the first reader: {}", reader.join()?);
    Ok(())
}

/// The repair.
fn closed() -> Result<()> {
    let letters = Queue::new()?;
    let writer = Process::new(|| write(&letters)).start()?;
    let reader = Process::new(|| read(&letters)).start()?;
    writer.join()?;
    letters.close(); // New: the reader's loop ends after the last letter.
    println!("main: the second reader: {}", reader.join()?);
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

/// Runs in another child, until the queue is closed and empty. The sleep stands for reading.
fn read(letters: &Queue<char>) -> Result<()> {
    for letter in letters {
        let letter = letter?;
        clock::sleep(1.0);
        println!("reader {}: has read {letter}", id());
    }
    Ok(())
}
