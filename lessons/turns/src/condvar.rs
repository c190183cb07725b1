//! How do I wait until a shared number says that it is my turn?

use std::sync::{Condvar, Mutex};
use std::thread;

use shared::Result;

/// One number says whose turn it is. Each task sleeps until it is its own.
pub(crate) fn scene() -> Result<()> {
    rotate(5, &|task| println!("Task {task}"));
    Ok(())
}

/// Three tasks call `work` in turn.
pub(crate) fn rotate(rounds: u32, work: &(dyn Fn(usize) + Sync)) {
    let turn = Mutex::new(0);
    let changed = Condvar::new();
    thread::scope(|scope| {
        for task in 0..3 {
            let (turn, changed) = (&turn, &changed);
            scope.spawn(move || {
                for _ in 0..rounds {
                    let turn = turn.lock().expect("no task panics");
                    let is_not_mine = |turn: &mut usize| *turn != task;
                    let mut turn = changed.wait_while(turn, is_not_mine).expect("no task panics");
                    work(task + 1);
                    *turn = (task + 1) % 3;
                    changed.notify_all();
                }
            });
        }
    });
}
