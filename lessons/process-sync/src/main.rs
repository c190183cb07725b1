//! How do processes wait for each other?
//!
//! They run side by side, and nobody puts them in order unless you do. Each tool here makes a process
//! wait, for a reason of its own; and each outlives a process that is killed.

mod barrier; // How do three runners stay in step?
mod condition; // How do I wait until a value is as I need it?
mod event; // How does one tell many that it is time?
mod killed_holder; // The holder of a lock is killed: who tells the next one?
mod locked; // How do two additions stay two?
mod lost_update; // Two processes add 1: why is the sum 1?
mod no_lock; // Ten at the same time: what does it look like without a lock?
mod rlock; // May a holder acquire its own lock again?
mod semaphore; // How do I let in two, and no more?

use std::process::ExitCode;

use shared::clock::{self, Stopwatch};
use shared::sync::Lock;
use shared::{Process, Result, join_all, lesson};

fn main() -> ExitCode {
    lesson::run(&[
        ("lock", lock),
        ("no-lock", no_lock::scene),
        ("lost-update", lost_update::scene),
        ("locked", locked::scene),
        ("semaphore", semaphore::scene),
        ("event", event::scene),
        ("condition", condition::scene),
        ("barrier", barrier::scene),
        ("rlock", rlock::scene),
        ("killed-holder", killed_holder::scene),
    ])
}

/// Ten processes say hello one at a time, in any order, since only the holder of the lock may speak.
fn lock() -> Result<()> {
    let watch = Stopwatch::start();
    let lock = Lock::new(())?; // Made before the children, so that they share it.
    let mut children = Vec::new();
    for number in 1..=10 {
        let child = Process::new(|| {
            let _guard = lock.acquire()?; // Dropped at the end of the closure: that releases the lock.
            greet(number)
        });
        children.push(child.start()?);
    }
    join_all(children)?;
    println!("main: ten greetings in {:.1} s", watch.seconds());
    Ok(())
}

/// Runs in each child. The sleep stands for a talk.
fn greet(number: u32) -> Result<()> {
    println!("process {number}: hello");
    clock::sleep(0.2);
    println!("process {number}: bye");
    Ok(())
}
