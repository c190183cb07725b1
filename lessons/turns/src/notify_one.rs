//! What if a notification wakes the wrong task?

use std::sync::Arc;
use std::thread;

use parking_lot::{Condvar, Mutex};
use shared::Result;
use shared::watchdog::{self, Ending};

const ROUNDS: u32 = 5;

/// The tasks of `condvar`, except that each notifies one task. Task 3 starts first, and task 1 last.
pub(crate) fn scene() -> Result<()> {
    let turn = Arc::new((Mutex::new(1), Condvar::new()));
    let mut ending = Ending::Finished;
    for task in [3, 2, 1] {
        let turn = Arc::clone(&turn);
        // Returns when no thread can go on. Then this task sleeps, and the next one may start.
        ending = watchdog::run(move || {
            let thread = thread::Builder::new().name(format!("task {task}"));
            let thread = thread.spawn(move || take_turns(task, &turn.0, &turn.1));
            thread.expect("the system starts a thread").join().expect("no task panics");
        })?;
    }
    let Ending::Stuck(waiting) = ending else {
        println!("main: all tasks have ended");
        return Ok(());
    };
    // The threads in which the watchdog ran the work are stuck too.
    for thread in waiting.iter().filter(|thread| thread.name.starts_with("task")) {
        println!("main: for ever, {thread}");
    }
    Ok(())
}

/// Runs in each task.
fn take_turns(task: u32, turn: &Mutex<u32>, changed: &Condvar) {
    for _ in 0..ROUNDS {
        let mut turn = turn.lock();
        while *turn != task {
            changed.wait(&mut turn);
        }
        println!("Task {task}");
        *turn = task % 3 + 1;
        changed.notify_one(); // Where `condvar` has notify_all.
    }
}
