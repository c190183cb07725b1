//! What makes the second thread wait for the first?

use std::sync::atomic::Ordering;
use std::thread;

use shared::{Result, clock, lesson};

use crate::not_waited::{NUMBER, work1, work2};

/// Main pauses, "so that work1 is done", and then starts work2.
pub(crate) fn pause() -> Result<()> {
    println!("main: the number is {}", NUMBER.load(Ordering::Relaxed));
    let step = lesson::option("step")?;
    let first = thread::spawn(move || work1(step));
    clock::sleep(1.0); // Three steps of 0.1 s are done by then, are they not?
    let second = thread::spawn(work2);
    first.join().expect("work1 does not panic");
    second.join().expect("work2 does not panic");
    Ok(())
}

/// Main joins work1, and then starts work2.
pub(crate) fn scene() -> Result<()> {
    println!("main: the number is {}", NUMBER.load(Ordering::Relaxed));
    let step = lesson::option("step")?;
    let first = thread::spawn(move || work1(step));
    first.join().expect("work1 does not panic"); // New: wait until work1 is done.
    let second = thread::spawn(work2);
    second.join().expect("work2 does not panic");
    Ok(())
}
