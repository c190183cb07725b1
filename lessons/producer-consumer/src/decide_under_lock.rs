//! How does what a thread has seen stay true until it acts?

use std::sync::Mutex;

use shared::{Result, clock};

use crate::look_then_act::{in_threads, lock};

/// The two producers and the five consumers again. Each keeps the lock from its look to its act.
pub(crate) fn scene() -> Result<()> {
    let left = Mutex::new(999);
    in_threads(2, |number| produce(number, &left));
    println!("main: {} left", lock(&left));

    let left = Mutex::new(101);
    in_threads(5, |number| consume(number, &left));
    println!("main: {} left", lock(&left));
    Ok(())
}

/// Runs in each producer. The sleep stands for work, and leaves the other producer time to interfere.
fn produce(number: u32, left: &Mutex<u32>) {
    let mut left = lock(left); // New: as long as this guard lives, no other thread changes the number.
    let adds = if *left < 1_000 { 100 } else { 0 };
    println!("producer {number}: sees {left}, adds {adds}");
    clock::sleep(0.2);
    *left += adds;
}

/// Runs in each consumer. The sleep is as above.
fn consume(number: u32, left: &Mutex<u32>) {
    let mut left = lock(left); // New, as above.
    let takes = if *left > 100 { 3 } else { 0 };
    println!("consumer {number}: sees {left}, takes {takes}");
    clock::sleep(0.2);
    *left -= takes;
}
