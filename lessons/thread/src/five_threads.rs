//! Five lines of a second each: how long in five threads?

use std::thread;

use shared::{Result, clock};

/// Five threads wait at the same time: five lines of a second each take one second together.
pub(crate) fn scene() -> Result<()> {
    let watch = clock::Stopwatch::start();
    let mut threads = Vec::new();
    for number in 1..=5 {
        threads.push(thread::spawn(move || say(number)));
    }
    for thread in threads {
        thread.join().expect("say does not panic");
    }
    println!("five threads: {:.1} s", watch.seconds());
    Ok(())
}

/// The sleep stands for waiting: for a disk, a network, a person.
pub(crate) fn say(number: u32) {
    clock::sleep(1.0);
    println!("line {number}");
}
