//! How do results come back: all in a list, by a callback, or one at a time?

use std::process::id;

use shared::{Pool, Result, clock};

/// The results are in the order of the arguments, whichever task ends first.
pub(crate) fn map() -> Result<()> {
    let pool = Pool::new(4)?;
    let squares = pool.map(square, 1..=4)?;
    println!("parent: {squares:?}");
    pool.close().join()
}

/// A callback runs in the parent, once for each task.
pub(crate) fn callback() -> Result<()> {
    let pool = Pool::new(4)?;
    for number in 1..=4 {
        let handle = pool.apply_async(square, number)?;
        handle.on_done(move |result| show(number, result));
    }
    println!("parent {}: works for three seconds", id());
    clock::sleep(3.0);
    println!("parent {}: waits for the pool", id());
    pool.close().join()?;
    println!("parent {}: all done", id());
    Ok(())
}

/// The callback: it runs in the parent.
fn show(number: u32, result: Result<u32>) {
    match result {
        Ok(square) => println!("callback in {}: {number} squared is {square}", id()),
        Err(error) => println!("callback in {}: {number} failed: {error}", id()),
    }
}

/// Runs in a worker. The sleep stands for work: the smaller the number, the longer.
fn square(number: u32) -> u32 {
    clock::sleep(0.5 * f64::from(5 - number));
    println!("worker: {number} is done");
    number * number
}

/// The parent has all ten results before it calls `join`.
pub(crate) fn apply() -> Result<()> {
    let pool = Pool::new(3)?;
    for task in 1..=10 {
        let result = pool.apply(work, task)?;
        println!("parent: task {task} gave {result}");
    }
    println!("parent: this line comes after all ten");
    pool.close().join()
}

/// Runs in a worker. The sleep stands for work.
fn work(task: u32) -> u32 {
    println!("worker: runs task {task}");
    clock::sleep(0.3);
    task * 10
}
