//! How do threads take turns in a fixed order?
//!
//! A lock lets in one thread at a time, and does not say which one. A turn is for one particular thread.

mod channels; // How do I hand over the turn as a message?
mod condvar; // How do I wait until a shared number says that it is my turn?
mod cost; // What does a turn cost?
mod notify_one; // What if a notification wakes the wrong task?
mod park; // How do I wake one particular thread?
mod semaphores; // How does one task let the next one go on?
mod sizes; // How many rounds?
mod tally; // How are a task's sleeps counted?

use std::process::ExitCode;
use std::sync::Mutex;
use std::thread;

use shared::{Result, lesson};

fn main() -> ExitCode {
    lesson::run(&[
        ("lock-only", lock_only),
        ("semaphores --rounds 5", sizes::semaphores),
        ("condvar", condvar::scene),
        ("notify-one", notify_one::scene),
        ("park", park::scene),
        ("channels", channels::scene),
        // More scenes.
        ("cost --rounds 1000", cost::scene),
    ])
}

/// Three tasks print five lines each, and every line is printed under the same lock.
fn lock_only() -> Result<()> {
    let lock = Mutex::new(());
    thread::scope(|scope| {
        for task in 1..=3 {
            let lock = &lock;
            scope.spawn(move || {
                for _ in 0..5 {
                    let _guard = lock.lock().expect("no task panics");
                    println!("Task {task}");
                }
            });
        }
    });
    Ok(())
}
