//! What can a thread do that does not get the lock?

use std::sync::{Mutex, TryLockError};
use std::thread;

use shared::Result;

/// A thread that does not get the lock at once goes on without it, and counts what it has skipped.
pub(crate) fn scene() -> Result<()> {
    let counter = &Mutex::new(0);
    let skipped: u32 = thread::scope(|scope| {
        let threads = [1, 2].map(|number| scope.spawn(move || add_or_skip(number, counter)));
        threads.map(|thread| thread.join().expect("add_or_skip does not panic")).iter().sum()
    });
    let done = *counter.lock().expect("no holder panics");
    println!("main: {done} additions done, {skipped} skipped");
    Ok(())
}

/// Runs in both threads, and returns how many additions it has skipped.
fn add_or_skip(number: u32, counter: &Mutex<u32>) -> u32 {
    let mut skipped = 0;
    for _ in 0..1_000_000 {
        match counter.try_lock() {
            Ok(mut guard) => *guard += 1,
            Err(TryLockError::WouldBlock) => skipped += 1, // Here a program does something else.
            Err(TryLockError::Poisoned(error)) => panic!("{error}"),
        }
    }
    println!("thread {number}: skips {skipped} of 1000000");
    skipped
}
