//! May several threads read at the same time?

use std::sync::{Barrier, RwLock};
use std::thread;

use shared::Result;

/// Three readers hold the lock at the same time. A writer holds it alone.
pub(crate) fn scene() -> Result<()> {
    let price = &RwLock::new(100);
    let all_reading = &Barrier::new(3);
    thread::scope(|scope| {
        for number in 1..=3 {
            scope.spawn(move || read(number, price, all_reading));
        }
        scope.spawn(|| write(price));
    });
    println!("main: the price is {}", price.read().expect("no writer panics"));
    Ok(())
}

/// Runs in each reader. It keeps the lock until all three have it.
fn read(number: u32, price: &RwLock<u32>, all_reading: &Barrier) {
    let guard = price.read().expect("no writer panics");
    println!("reader {number}: begins to read");
    all_reading.wait();
    println!("reader {number}: has read {guard}");
}

/// Runs in the writer.
fn write(price: &RwLock<u32>) {
    let mut guard = price.write().expect("no writer panics"); // New: the one guard that can change the price.
    println!("writer: begins to write");
    *guard += 20;
    println!("writer: has written {guard}");
}
