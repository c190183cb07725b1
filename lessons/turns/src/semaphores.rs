//! How does one task let the next one go on?

use std::sync::{Condvar, Mutex};
use std::thread;

use shared::Result;

/// Each task waits for a semaphore of its own, and releases the one of its successor.
pub(crate) fn scene() -> Result<()> {
    rotate(5, &|task| println!("Task {task}"));
    Ok(())
}

/// Three tasks call `work` in turn.
pub(crate) fn rotate(rounds: u32, work: &(dyn Fn(usize) + Sync)) {
    let semaphores = [true, false, false].map(Semaphore::new); // The first one is free.
    thread::scope(|scope| {
        for task in 0..3 {
            let (own, next) = (&semaphores[task], &semaphores[(task + 1) % 3]);
            scope.spawn(move || {
                for _ in 0..rounds {
                    own.acquire();
                    work(task + 1);
                    next.release();
                }
            });
        }
    });
}

/// A binary semaphore: it has one permit. A thread may release it without having acquired it.
struct Semaphore {
    is_free: Mutex<bool>,
    released: Condvar,
}

impl Semaphore {
    fn new(is_free: bool) -> Self {
        Self { is_free: Mutex::new(is_free), released: Condvar::new() }
    }

    /// Waits until the permit is free, and takes it.
    fn acquire(&self) {
        let mut is_free = self.is_free.lock().expect("no task panics");
        while !*is_free {
            is_free = self.released.wait(is_free).expect("no task panics");
        }
        *is_free = false;
    }

    fn release(&self) {
        *self.is_free.lock().expect("no task panics") = true;
        self.released.notify_one();
    }
}
