//! How do I wait until a shared number says that it is my turn?

use std::sync::{Condvar, Mutex};
use std::thread;

use shared::Result;

const ROUNDS: u32 = 5;

/// One number says whose turn it is, and each task waits until the number is its own.
pub(crate) fn scene() -> Result<()> {
    let turn = Mutex::new(1);
    let changed = Condvar::new();
    thread::scope(|scope| {
        for task in 1..=3 {
            let (turn, changed) = (&turn, &changed);
            scope.spawn(move || {
                for _ in 0..ROUNDS {
                    let mut turn = turn.lock().expect("no task panics");
                    while *turn != task {
                        turn = changed.wait(turn).expect("no task panics");
                    }
                    println!("Task {task}");
                    *turn = task % 3 + 1;
                    changed.notify_all();
                }
            });
        }
    });
    Ok(())
}
