//! Three ways to a result: wait at once, all in order, or be called.

use std::process::id;

use shared::{Pool, Result, clock};

/// Each task is done before the next one is given out: of three workers, two have nothing to do.
pub(crate) fn apply() -> Result<()> {
    let pool = Pool::new(3)?;
    for task in 1..=10 {
        let result = pool.apply(work, task)?;
        println!("parent: task {task} gave {result}");
    }
    pool.close().join()
}

/// Runs in a worker. The sleep stands for work.
fn work(task: u32) -> u32 {
    println!("worker: does task {task}");
    clock::sleep(0.3);
    task * 10
}

/// The results have the order of the arguments, whoever is done first.
pub(crate) fn map() -> Result<()> {
    let pool = Pool::new(4)?;
    let squares = pool.map(square, 1..=4)?;
    println!("parent: {squares:?}");
    pool.close().join()
}

/// The callback runs in the parent, once for each result, in the order in which they arrive.
pub(crate) fn callback() -> Result<()> {
    let pool = Pool::new(4)?;
    for number in 1..=4 {
        let handle = pool.apply_async(square, number)?;
        handle.on_done(move |square| tell(number, square));
    }
    println!("parent {}: has given out 4 tasks", id());
    pool.close().join()?;
    println!("parent {}: has been called 4 times", id());
    Ok(())
}

/// Runs in the parent, while it waits in a call of the pool.
fn tell(number: u32, square: Result<u32>) {
    match square {
        Ok(square) => println!("parent {}: is told that {number} squared is {square}", id()),
        Err(error) => println!("parent {}: is told of {number}: {error}", id()),
    }
}

/// Runs in a worker. The sleep stands for work: the smaller the number, the longer.
fn square(number: u32) -> u32 {
    clock::sleep(0.5 * f64::from(5 - number));
    let worker = Pool::worker_number().expect("a task runs in a worker");
    println!("worker {worker}: {number} is done");
    number * number
}
