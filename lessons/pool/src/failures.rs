//! What if a task fails, or its worker dies?

use std::process::id;

use nix::sys::signal::{Signal, kill};
use shared::{Pid, Pool, Result, lesson};

/// A worker is killed in mid-task: this one task fails, and a new worker takes the rest.
pub(crate) fn worker_dies() -> Result<()> {
    let pool = Pool::new(lesson::option("workers")?)?;
    let mut handles = Vec::new();
    for task in 1..=4 {
        handles.push((task, pool.apply_async(dangerous, task)?));
    }
    for (task, handle) in handles {
        match handle.get() {
            Ok(result) => println!("parent: task {task} gave {result}"),
            Err(error) => println!("parent: task {task} failed: {error}"),
        }
    }
    pool.close().join()
}

/// Runs in a worker.
fn dangerous(task: u32) -> u32 {
    println!("worker {}: takes task {task}", id());
    if task == 2 {
        kill(Pid::this(), Signal::SIGKILL).expect("a process may kill itself");
    }
    task * 10
}

/// The error of a task that panics contains the panic's text.
pub(crate) fn task_panics() -> Result<()> {
    let pool = Pool::new(1)?;
    for divisor in [3, 0, 4] {
        match pool.apply(divide, (12, divisor)) {
            Ok(quotient) => println!("parent: the result is {quotient}"),
            Err(error) => println!("parent: no result: {error}"),
        }
    }
    pool.close().join()
}

/// Runs in a worker. Two arguments travel as a pair.
fn divide((dividend, divisor): (u32, u32)) -> u32 {
    println!("worker {}: divides {dividend} by {divisor}", id());
    dividend / divisor
}
