//! How do I wake one certain thread?

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, Thread};

use shared::Result;

/// Each task parks until it is its turn, and unparks its successor.
pub(crate) fn scene() -> Result<()> {
    rotate(5, &|task| println!("Task {task}"));
    Ok(())
}

/// Three tasks call `work` in turn.
pub(crate) fn rotate(rounds: u32, work: &(dyn Fn(usize) + Sync)) {
    let turn = AtomicUsize::new(0);
    let threads: OnceLock<Vec<Thread>> = OnceLock::new();
    thread::scope(|scope| {
        let tasks = [0, 1, 2].map(|task| {
            let (turn, threads) = (&turn, &threads);
            scope.spawn(move || {
                for _ in 0..rounds {
                    while turn.load(Ordering::Acquire) != task {
                        thread::park(); // It may return early, so ask again.
                    }
                    work(task + 1);
                    let next = (task + 1) % 3;
                    turn.store(next, Ordering::Release);
                    threads.wait()[next].unpark();
                }
            })
        });
        let _ = threads.set(tasks.iter().map(|task| task.thread().clone()).collect());
    });
}
