//! The reader never ends: when may I stop it?

use std::process::id;

use shared::{Process, Queue, Result, clock};

/// A reader that waits for ever is terminated when it has said that it has read all.
pub(crate) fn scene() -> Result<()> {
    let (letters, done) = (Queue::new()?, Queue::new()?);
    let writer = Process::new(|| write(&letters)).start()?;
    let reader = Process::new(|| read(&letters, &done)).start()?;
    writer.join()?;
    println!("main: the writer has ended");
    for _ in 0..3 {
        done.get()?; // One more is read. That the queue is empty would say less: the last one may be in work.
    }
    println!("main: all is read, and {} letters wait", letters.len());
    reader.terminate()?;
    println!("main: the reader was {}", reader.join()?);
    Ok(())
}

/// Runs in a child. The sleeps stand for writing.
fn write(letters: &Queue<char>) -> Result<()> {
    for letter in ['A', 'B', 'C'] {
        clock::sleep(fastrand::f64());
        println!("writer {}: puts {letter}", id());
        letters.put(&letter)?;
    }
    Ok(())
}

/// Runs in another child, until it is terminated. The sleep stands for reading.
fn read(letters: &Queue<char>, done: &Queue<char>) -> Result<()> {
    loop {
        let letter = letters.get()?;
        clock::sleep(0.5);
        println!("reader {}: has read {letter}", id());
        done.put(&letter)?;
    }
}
