//! Does it help to wait between the two threads?

use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use shared::{Result, clock};

/// Main pauses for half a second, so that the first thread is done before the second one starts.
pub(crate) fn pause_between() -> Result<()> {
    println!("quick additions: the counter is {}", with_pause(0.005));
    println!("slow additions: the counter is {}", with_pause(0.1));
    Ok(())
}

/// Two threads make ten additions each. Each addition takes `seconds`.
fn with_pause(seconds: f64) -> u32 {
    let counter = AtomicU32::new(0);
    thread::scope(|scope| {
        scope.spawn(|| add_slowly(seconds, &counter));
        clock::sleep(0.5); // The flaw: a pause in place of a join.
        scope.spawn(|| add_slowly(seconds, &counter));
    });
    counter.into_inner()
}

/// Runs in both threads. The sleep stands for a calculation.
fn add_slowly(seconds: f64, counter: &AtomicU32) {
    for _ in 0..10 {
        let read = counter.load(Ordering::Relaxed);
        clock::sleep(seconds);
        counter.store(read + 1, Ordering::Relaxed);
    }
}

/// The second thread starts when the first one has ended.
pub(crate) fn scene() -> Result<()> {
    let counter = AtomicU32::new(0);
    thread::scope(|scope| {
        let first = scope.spawn(|| add(1, &counter));
        first.join().expect("add does not panic"); // New: a join, not a pause.
        scope.spawn(|| add(2, &counter));
    });
    println!("main: after both, the counter is {}", counter.into_inner());
    Ok(())
}

/// Runs in both threads. It loses additions if the other thread writes between its read and its write.
fn add(number: u32, counter: &AtomicU32) {
    for _ in 0..1_000_000 {
        let read = counter.load(Ordering::Relaxed);
        counter.store(read + 1, Ordering::Relaxed);
    }
    println!("thread {number}: is done, and sees {}", counter.load(Ordering::Relaxed));
}
