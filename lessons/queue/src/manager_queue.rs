//! How does a queue get to a process that is already running?

#![expect(clippy::needless_pass_by_value, reason = "a task owns its argument")]

use std::os::unix::process::parent_id;
use std::process::id;

use shared::{Manager, ManagerQueue, Pool, Queue, Result};

/// A manager's queue can be the argument of a task, because only its name travels.
pub(crate) fn scene() -> Result<()> {
    println!("main {}: starts", id());
    let pool = Pool::new(2)?; // Its workers start now. They cannot inherit a queue that is made later.
    let manager = Manager::start()?;
    let handle = manager.queue()?;
    pool.apply(write, handle.clone())?;
    pool.apply(read, handle)?;
    pool.close().join()?;
    println!("main {}: ends", id());
    Ok(())
}

/// Runs in a worker.
fn write(handle: ManagerQueue<char>) {
    println!("writer {}: its parent is {}", id(), parent_id());
    let letters: &Queue<char> = handle.open().expect("the manager is running");
    for letter in "zzb".chars() {
        println!("writer {}: puts {letter}", id());
        letters.put(&letter).expect("there is room");
    }
}

/// Runs in a worker, the same one or the other.
fn read(handle: ManagerQueue<char>) {
    println!("reader {}: its parent is {}", id(), parent_id());
    let letters: &Queue<char> = handle.open().expect("the manager is running");
    println!("reader {}: {} letters wait", id(), letters.len());
    for _ in 0..letters.len() {
        println!("reader {}: got {}", id(), letters.get().expect("a letter waits"));
    }
}
