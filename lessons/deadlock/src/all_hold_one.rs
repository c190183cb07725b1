//! What if each philosopher holds one fork?

use std::sync::{Barrier, Mutex};
use std::thread::{self, Builder};

use shared::Result;

/// No philosopher asks for the right fork before all three hold the left one.
pub(crate) fn scene() -> Result<()> {
    let forks: [Mutex<()>; 3] = Default::default();
    let all_hold_one = &Barrier::new(3);
    thread::scope(|scope| -> Result<()> {
        for seat in 0..3 {
            let (left, right) = (&forks[seat], &forks[(seat + 1) % 3]);
            let name = format!("philosopher {seat}");
            Builder::new()
                .name(name)
                .spawn_scoped(scope, move || eat(seat, left, right, all_hold_one))?;
        }
        Ok(())
    })?;
    println!("main: all three have eaten");
    Ok(())
}

/// Runs in each thread.
fn eat(seat: usize, left: &Mutex<()>, right: &Mutex<()>, all_hold_one: &Barrier) {
    let _left = left.lock().expect("no thread panics");
    println!("philosopher {seat}: holds fork {seat}");
    all_hold_one.wait(); // It makes the rare case certain.
    let _right = right.lock().expect("no thread panics");
    println!("philosopher {seat}: eats");
}
