//! Can a processor add in one step?

use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use shared::Result;

/// Two threads add 1 to one counter, a million times each. Each addition is one step, and there is no lock.
pub(crate) fn scene() -> Result<()> {
    let counter = &AtomicU32::new(0);
    thread::scope(|scope| {
        for _ in 1..=2 {
            scope.spawn(|| add(counter));
        }
    });
    println!("main: after both, the counter is {}", counter.load(Ordering::Relaxed));
    Ok(())
}

/// Runs in both threads.
fn add(counter: &AtomicU32) {
    for _ in 0..1_000_000 {
        counter.fetch_add(1, Ordering::Relaxed); // New: read and write are one step.
    }
}
