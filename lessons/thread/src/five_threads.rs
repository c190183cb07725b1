//! The same five lines in five threads: how long?

use std::thread;

use shared::Result;
use shared::clock::Stopwatch;

use crate::say;

/// Five threads wait at the same time: the same five lines take one second, not five.
pub(crate) fn scene() -> Result<()> {
    let watch = Stopwatch::start();
    let threads: Vec<_> = (1..=5)
        .map(|number| thread::spawn(move || say(number))) // New: a thread for each line.
        .collect(); // Start them all before the first join: map alone would start none.
    for thread in threads {
        thread.join().expect("say does not panic");
    }
    println!("five threads: {:.1} s", watch.seconds());
    Ok(())
}
