//! May I print after the release?

use std::sync::Mutex;
use std::thread;

use shared::{Result, clock};

/// Three threads add 1 under the lock, ten times each. They print the counter after the release.
pub(crate) fn printed_late() -> Result<()> {
    three_threads(|thread, counter| {
        *counter.lock().expect("no holder panics") += 1;
        clock::sleep(0.01);
        println!("thread {thread}: {}", counter.lock().expect("no holder panics"));
    })
}

/// Three threads add 1 and print the counter, ten times each. They hold the lock until the line is out.
pub(crate) fn scene() -> Result<()> {
    three_threads(|thread, counter| {
        let mut guard = counter.lock().expect("no holder panics");
        *guard += 1;
        clock::sleep(0.01);
        println!("thread {thread}: {guard}"); // New: still under the lock.
    })
}

/// The sleep in a step stands for work on the line.
fn three_threads(step: fn(u32, &Mutex<u32>)) -> Result<()> {
    let counter = &Mutex::new(0);
    thread::scope(|scope| {
        for thread in 1..=3 {
            scope.spawn(move || (0..10).for_each(|_| step(thread, counter)));
        }
    });
    println!("main: the counter is {}", counter.lock().expect("no holder panics"));
    Ok(())
}
