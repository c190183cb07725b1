//! How do two million additions stay two million?

use std::sync::Mutex;
use std::thread;

use shared::Result;

/// Main looks at once, without waiting. Each thread looks when it has made its additions.
pub(crate) fn two_threads(rounds: u32) -> Result<()> {
    let counter = &Mutex::new(0); // New: the number is inside the lock.
    thread::scope(|scope| {
        for number in 1..=2 {
            scope.spawn(move || add(number, rounds, counter));
        }
        println!("main: does not wait, and sees {}", read(counter));
    });
    println!("main: after both, the counter is {}", read(counter));
    Ok(())
}

/// Runs in both threads.
fn add(number: u32, rounds: u32, counter: &Mutex<u32>) {
    for _ in 0..rounds {
        let mut guard = counter.lock().expect("no holder panics"); // New: one thread at a time.
        *guard += 1;
    }
    println!("thread {number}: is done, and sees {}", read(counter));
}

/// Looking needs the lock too. The guard is dropped before the number is returned.
fn read(counter: &Mutex<u32>) -> u32 {
    *counter.lock().expect("no holder panics")
}
