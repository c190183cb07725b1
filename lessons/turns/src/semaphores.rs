//! How does one task let the next one go on?

use std::sync::{Condvar, Mutex};
use std::thread;

use shared::Result;

/// Each task waits for a semaphore of its own, and releases the one of its successor.
pub(crate) fn three_tasks(rounds: u32) -> Result<()> {
    let semaphores = [true, false, false].map(Semaphore::new); // Only the first one is free.
    thread::scope(|scope| {
        for task in 0..3 {
            let (own, next) = (&semaphores[task], &semaphores[(task + 1) % 3]);
            scope.spawn(move || {
                for _ in 0..rounds {
                    own.acquire();
                    println!("Task {}", task + 1);
                    next.release(); // New: the turn goes to one particular task.
                }
            });
        }
    });
    Ok(())
}

/// A binary semaphore. Any thread may release it, also one that has not acquired it.
pub(crate) struct Semaphore {
    is_free: Mutex<bool>,
    released: Condvar,
}

impl Semaphore {
    pub(crate) fn new(is_free: bool) -> Self {
        Self { is_free: Mutex::new(is_free), released: Condvar::new() }
    }

    /// Waits until the semaphore is free, and takes it.
    pub(crate) fn acquire(&self) {
        let mut is_free = self.is_free.lock().expect("no task panics");
        while !*is_free {
            is_free = self.released.wait(is_free).expect("no task panics");
        }
        *is_free = false;
    }

    pub(crate) fn release(&self) {
        *self.is_free.lock().expect("no task panics") = true;
        self.released.notify_one();
    }
}
