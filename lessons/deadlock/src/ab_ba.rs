//! Two threads, two locks: who waits for whom?

use std::sync::{Barrier, Mutex};
use std::thread::{self, Builder};

use shared::Result;

/// Each thread takes one lock, and then asks for the lock that the other one holds.
pub(crate) fn scene() -> Result<()> {
    let (a, b) = (Mutex::new(()), Mutex::new(()));
    let both_are_up = Barrier::new(2); // It makes the rare case certain.
    thread::scope(|scope| -> Result<()> {
        let left = Builder::new().name("left".to_owned());
        left.spawn_scoped(scope, || up_and_down("left", &a, &b, &both_are_up))?;
        let right = Builder::new().name("right".to_owned());
        right.spawn_scoped(scope, || up_and_down("right", &b, &a, &both_are_up))?;
        Ok(())
    })?;
    println!("main: both are down");
    Ok(())
}

/// Runs in each thread.
fn up_and_down(name: &str, first: &Mutex<()>, second: &Mutex<()>, both_are_up: &Barrier) {
    let _first = first.lock().expect("no thread panics");
    println!("{name}: up");
    both_are_up.wait();
    let _second = second.lock().expect("no thread panics");
    println!("{name}: down");
}
