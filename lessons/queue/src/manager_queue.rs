//! How does a queue get to a process that runs already?

use shared::{Manager, ManagerQueue, Pool, Result};

/// A manager's queue is a task's argument: what crosses is a name, and whoever has it gets the queue.
pub(crate) fn scene() -> Result<()> {
    let pool = Pool::new(2)?; // Its workers start now. A queue made later they cannot inherit.
    let manager = Manager::start()?;
    let queue = manager.queue()?;
    pool.apply(write, (queue.clone(), "zzb".to_owned()))?;
    println!("main: {} letters wait", queue.open()?.len());
    let word = pool.apply(read, (queue, 3))?;
    println!("main: read {word}");
    pool.close().join()
}

/// Runs in a worker.
fn write((queue, word): (ManagerQueue<char>, String)) {
    let worker = Pool::worker_number().expect("a task runs in a worker");
    let queue = queue.open().expect("the manager keeps the queue");
    for letter in word.chars() {
        println!("worker {worker}: puts {letter}");
        queue.put(&letter).expect("there is room");
    }
}

/// Runs in a worker, the same one or the other.
fn read((queue, letters): (ManagerQueue<char>, usize)) -> String {
    let worker = Pool::worker_number().expect("a task runs in a worker");
    let queue = queue.open().expect("the manager keeps the queue");
    let mut word = String::new();
    for _ in 0..letters {
        let letter = queue.get().expect("it is open");
        println!("worker {worker}: got {letter}");
        word.push(letter);
    }
    word
}
