//! Three philosophers, three forks: can they stop?

use std::sync::Mutex;
use std::thread::{self, Builder};

use shared::Result;

/// Each philosopher takes the left fork, then the right one, and eats once.
pub(crate) fn scene() -> Result<()> {
    let forks: [Mutex<()>; 3] = Default::default();
    thread::scope(|scope| -> Result<()> {
        for seat in 0..3 {
            let (left, right) = (&forks[seat], &forks[(seat + 1) % 3]);
            let name = format!("philosopher {seat}");
            Builder::new().name(name).spawn_scoped(scope, move || eat(seat, left, right))?;
        }
        Ok(())
    })?;
    println!("main: all three have eaten");
    Ok(())
}

/// Runs in each thread.
fn eat(seat: usize, first: &Mutex<()>, second: &Mutex<()>) {
    let _first = first.lock().expect("no thread panics");
    let _second = second.lock().expect("no thread panics");
    println!("philosopher {seat}: eats");
}
