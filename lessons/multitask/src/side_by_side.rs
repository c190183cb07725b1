//! The same two acts in two threads: how long?

use std::thread;

use shared::Result;
use shared::clock::Stopwatch;

use crate::one_after_another::perform;

/// Two threads, one for each act: both acts go on at the same time.
pub(crate) fn scene() -> Result<()> {
    let watch = Stopwatch::start();
    let sing = thread::spawn(|| perform("sing"));
    let dance = thread::spawn(|| perform("dance"));
    sing.join().expect("perform does not panic");
    dance.join().expect("perform does not panic");
    println!("side by side: {:.1} s", watch.seconds());
    Ok(())
}
