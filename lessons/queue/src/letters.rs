//! A writer, a reader, three letters: when has all been read?

use std::process::id;

use shared::{Process, Queue, Result, clock};

/// The writer has ended before the reader starts, and its letters are there all the same, in order.
pub(crate) fn write_then_read() -> Result<()> {
    let letters = Queue::new()?; // Made before the children, so that both have the same one.
    Process::new(|| write(&letters)).start()?.join()?;
    println!("main: the writer has ended, and {} letters wait", letters.len());
    Process::new(|| read_all(&letters)).start()?.join()?;
    println!("main: the reader has ended, and {} letters wait", letters.len());
    Ok(())
}

/// Runs in another child.
fn read_all(letters: &Queue<char>) -> Result<()> {
    while !letters.is_empty() {
        println!("reader {}: got {}", id(), letters.get()?);
    }
    Ok(())
}

/// A reader that never ends is terminated when it has said that it has read all.
pub(crate) fn write_while_read() -> Result<()> {
    let (letters, done) = (Queue::new()?, Queue::new()?);
    let writer = Process::new(|| write(&letters)).start()?;
    let reader = Process::new(|| read_for_ever(&letters, &done)).start()?;
    writer.join()?;
    println!("main: the writer has ended");
    // That `letters` is empty would say less: the last one may have been taken, and not yet read.
    for _ in 0..3 {
        done.get_timeout(clock::seconds(60.0))?; // With a limit: a reader that has died says nothing.
    }
    println!("main: all is read, and {} letters wait", letters.len());
    reader.terminate()?;
    println!("main: the reader was {}", reader.join()?);
    Ok(())
}

/// Runs in another child, until it is terminated. The sleep stands for reading.
fn read_for_ever(letters: &Queue<char>, done: &Queue<char>) -> Result<()> {
    loop {
        let letter = letters.get()?;
        clock::sleep(0.5);
        println!("reader {}: has read {letter}", id());
        done.put(&letter)?;
    }
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
