//! Two acts, one after the other: how long?

use shared::Result;
use shared::clock::{self, Stopwatch};

/// First all of the song, then all of the dance: six seconds.
pub(crate) fn scene() -> Result<()> {
    let watch = Stopwatch::start();
    perform("sing");
    perform("dance");
    println!("one after another: {:.1} s", watch.seconds());
    Ok(())
}

/// Three lines, a second each.
pub(crate) fn perform(act: &str) {
    for line in 1..=3 {
        println!("{act} {line}");
        clock::sleep(1.0);
    }
}
