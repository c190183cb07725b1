//! Two threads add to one counter: what is the sum?

use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use shared::Result;

/// Main looks at once, without waiting. Each thread looks when it has made its additions.
pub(crate) fn two_threads(rounds: u32) -> Result<()> {
    let counter = &AtomicU32::new(0);
    thread::scope(|scope| {
        for number in 1..=2 {
            scope.spawn(move || add(number, rounds, counter));
        }
        println!("main: does not wait, and sees {}", counter.load(Ordering::Relaxed));
    });
    println!("main: after both, the counter is {}", counter.load(Ordering::Relaxed));
    Ok(())
}

/// Runs in both threads. It adds as Python does: read, calculate, write.
fn add(number: u32, rounds: u32, counter: &AtomicU32) {
    for _ in 0..rounds {
        let read = counter.load(Ordering::Relaxed);
        counter.store(read + one(), Ordering::Relaxed);
    }
    println!("thread {number}: is done, and sees {}", counter.load(Ordering::Relaxed));
}

/// It takes a while, as calculations do.
fn one() -> u32 {
    [1; 10].iter().product()
}
