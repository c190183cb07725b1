//! How many threads live?

use std::sync::{Arc, mpsc};
use std::thread;

use shared::{Result, clock};

/// Four threads end one after the other, until only main is left.
pub(crate) fn scene() -> Result<()> {
    let alive = Arc::new(()); // Every thread that is alive has a clone. This one is main's.
    let mut workers = Vec::new();
    for _ in 1..=4 {
        let alive = Arc::clone(&alive);
        let (task_sender, tasks) = mpsc::channel::<()>();
        let thread = thread::spawn(move || {
            let _alive = alive; // Dropped when the closure ends.
            for _task in tasks {} // Waits until nobody can send a task any more.
        });
        workers.push((task_sender, thread));
    }
    loop {
        println!("threads alive: {}", Arc::strong_count(&alive));
        let Some((task_sender, thread)) = workers.pop() else {
            return Ok(());
        };
        clock::sleep(0.5);
        drop(task_sender);
        // Without this join the thread could be counted once more while it ends.
        thread.join().expect("the worker does not panic");
    }
}
