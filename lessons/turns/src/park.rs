//! How do I wake one particular thread?

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, Thread};

use shared::Result;

const ROUNDS: u32 = 5;

/// Each task parks until it is its turn, and unparks its successor.
pub(crate) fn scene() -> Result<()> {
    let turn = AtomicUsize::new(0);
    let threads: OnceLock<Vec<Thread>> = OnceLock::new();
    thread::scope(|scope| {
        let tasks = [0, 1, 2].map(|task| {
            let (turn, threads) = (&turn, &threads);
            scope.spawn(move || {
                for _ in 0..ROUNDS {
                    while turn.load(Ordering::Acquire) != task {
                        thread::park();
                    }
                    println!("Task {}", task + 1);
                    let next = (task + 1) % 3;
                    turn.store(next, Ordering::Release);
                    threads.wait()[next].unpark(); // Wakes this thread and no other.
                }
            })
        });
        let handles = tasks.iter().map(|task| task.thread().clone()).collect();
        threads.set(handles).expect("only main sets it");
    });
    Ok(())
}
