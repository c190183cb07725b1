//! The same threads and locks, in one order: can they stop?

use std::sync::Mutex;
use std::thread::{self, Builder};

use shared::Result;

/// Both threads take lock a first, and then lock b.
pub(crate) fn scene() -> Result<()> {
    let (a, b) = (Mutex::new(()), Mutex::new(()));
    thread::scope(|scope| -> Result<()> {
        let left = Builder::new().name("left".to_owned());
        left.spawn_scoped(scope, || up_and_down("left", &a, &b))?;
        let right = Builder::new().name("right".to_owned());
        right.spawn_scoped(scope, || up_and_down("right", &a, &b))?; // New: a before b, here too.
        Ok(())
    })?;
    println!("main: both are down");
    Ok(())
}

/// Runs in each thread.
fn up_and_down(name: &str, first: &Mutex<()>, second: &Mutex<()>) {
    let _first = first.lock().expect("no thread panics");
    println!("{name}: up");
    let _second = second.lock().expect("no thread panics");
    println!("{name}: down");
}
