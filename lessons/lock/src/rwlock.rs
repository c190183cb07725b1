//! May several threads read at the same time?

use std::sync::{Barrier, RwLock};
use std::thread;

use shared::Result;

/// Three readers hold the lock at the same time, and the writer has to wait for all of them.
pub(crate) fn scene() -> Result<()> {
    let price = &RwLock::new(100);
    let all_reading = &Barrier::new(4); // Three readers and the writer.
    thread::scope(|scope| {
        for number in 1..=3 {
            scope.spawn(move || read(number, price, all_reading));
        }
        scope.spawn(|| write(price, all_reading));
    });
    println!("main: the price is {}", price.read().expect("no writer panics"));
    Ok(())
}

/// Runs in each reader. It keeps the lock at least until all three have it.
fn read(number: u32, price: &RwLock<u32>, all_reading: &Barrier) {
    let guard = price.read().expect("no writer panics"); // New: several threads can have such a guard.
    println!("reader {number}: begins to read");
    all_reading.wait();
    println!("reader {number}: has read {guard}");
}

/// Runs in the writer, which wants the lock when all three readers have it.
fn write(price: &RwLock<u32>, all_reading: &Barrier) {
    all_reading.wait();
    println!("writer: wants to write");
    let mut guard = price.write().expect("no writer panics");
    *guard += 20;
    println!("writer: has written {guard}");
}
