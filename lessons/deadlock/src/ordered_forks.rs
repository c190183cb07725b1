//! What if each philosopher takes the lower fork first?

use std::sync::Mutex;
use std::thread::{self, Builder};

use shared::Result;

/// Each philosopher takes the fork with the lower number first, and eats once.
pub(crate) fn scene() -> Result<()> {
    let forks: [Mutex<()>; 3] = Default::default();
    thread::scope(|scope| -> Result<()> {
        for seat in 0..3 {
            let (left, right) = (seat, (seat + 1) % 3);
            let (first, second) = (&forks[left.min(right)], &forks[left.max(right)]); // New: the lower fork first.
            let name = format!("philosopher {seat}");
            Builder::new().name(name).spawn_scoped(scope, move || eat(seat, first, second))?;
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
