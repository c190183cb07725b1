//! The same five lines without threads: how long?

use shared::Result;
use shared::clock::Stopwatch;

use crate::five_threads::say;

/// One thread says five lines, one after the other: five seconds.
pub(crate) fn scene() -> Result<()> {
    let watch = Stopwatch::start();
    for number in 1..=5 {
        say(number);
    }
    println!("one thread: {:.1} s", watch.seconds());
    Ok(())
}
