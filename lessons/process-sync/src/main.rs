//! How do processes wait for each other?
//!
//! Processes run at the same time, in any order. Each tool of this chapter makes a process wait, for a reason of its
//! own.

mod barrier; // How do three runners stay in step?
mod condition; // How do I wait until a value is as I need it?
mod event; // How does one process tell many that it is time?
mod killed_holder; // The holder of a lock is killed: what does the next process get?
mod locked; // How do two additions stay two?
mod lost_update; // Two processes add 1: why is the sum 1?
mod no_lock; // Ten processes without a lock: what changes?
mod rlock; // May a holder acquire its own lock again?
mod semaphore; // How do I let two in, and no more?

use std::process::ExitCode;

use shared::clock::{self, Stopwatch};
use shared::sync::Lock;
use shared::{Process, Result, join_all, lesson};

fn main() -> ExitCode {
    lesson::run(&[
        ("lock", lock),
        ("lost-update", lost_update::scene),
        ("locked", locked::scene),
        ("semaphore --seats 2", semaphore::scene),
        ("event", event::scene),
        ("killed-holder", killed_holder::scene),
        // More scenes.
        ("no-lock", no_lock::scene),
        ("condition", condition::scene),
        ("barrier", barrier::scene),
        ("rlock", rlock::scene),
    ])
}

/// Ten processes say hello and goodbye one at a time: only the holder of the lock speaks.
fn lock() -> Result<()> {
    let watch = Stopwatch::start();
    let lock = Lock::new(())?; // Made before the children start, so that all of them use the same one.
    let mut children = Vec::new();
    for number in 0..10 {
        children.push(Process::new(|| greet(number, &lock)).start()?);
    }
    join_all(children)?;
    println!("main: ten greetings in {:.1} s", watch.seconds());
    Ok(())
}

/// Runs in each child. The sleep stands for a conversation.
fn greet(number: u32, lock: &Lock<()>) -> Result<()> {
    let _guard = lock.acquire()?; // New: wait until no other process holds the lock.
    println!("hello world {number}");
    clock::sleep(0.2);
    println!("goodbye world {number}");
    Ok(()) // Here `_guard` is dropped, which releases the lock.
}
