//! The same two acts in two threads: how long?

use std::thread;

use shared::Result;
use shared::clock::Stopwatch;

use crate::perform;

/// Two threads wait at the same time: three seconds.
pub(crate) fn scene() -> Result<()> {
    let watch = Stopwatch::start();
    let sing = thread::spawn(|| perform("sing"));
    let dance = thread::spawn(|| perform("dance"));
    for thread in [sing, dance] {
        thread.join().expect("perform does not panic");
    }
    println!("side by side: {:.1} s", watch.seconds());
    Ok(())
}
