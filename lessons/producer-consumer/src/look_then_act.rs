//! Is what a thread has seen still true when it acts?

use std::sync::{Barrier, Mutex, MutexGuard};
use std::thread;

use shared::Result;

/// Two producers look at 999 products, then five consumers at 101. All look before one of them acts.
pub(crate) fn scene() -> Result<()> {
    let (left, all_have_looked) = (Mutex::new(999), Barrier::new(2)); // The barrier leaves nothing to luck.
    in_threads(2, |number| produce(number, &left, &all_have_looked));
    println!("main: {} left", lock(&left));

    let (left, all_have_looked) = (Mutex::new(101), Barrier::new(5));
    in_threads(5, |number| consume(number, &left, &all_have_looked));
    println!("main: {} left", lock(&left));
    Ok(())
}

/// Runs in each producer.
fn produce(number: u32, left: &Mutex<u32>, all_have_looked: &Barrier) {
    let seen = *lock(left);
    all_have_looked.wait();
    if seen < 1_000 {
        println!("producer {number}: has seen {seen}, adds 100");
        *lock(left) += 100;
    }
}

/// Runs in each consumer.
fn consume(number: u32, left: &Mutex<u32>, all_have_looked: &Barrier) {
    let seen = *lock(left);
    all_have_looked.wait();
    if seen > 100 {
        println!("consumer {number}: has seen {seen}, takes 3");
        *lock(left) -= 3;
    }
}

/// Runs `act` in threads 1 to `threads`, and waits for all of them.
pub(crate) fn in_threads(threads: u32, act: impl Fn(u32) + Sync) {
    let act = &act;
    thread::scope(|scope| {
        for number in 1..=threads {
            scope.spawn(move || act(number));
        }
    });
}

pub(crate) fn lock(left: &Mutex<u32>) -> MutexGuard<'_, u32> {
    left.lock().expect("no thread panics while it holds the lock")
}
