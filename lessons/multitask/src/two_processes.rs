//! The same two acts in two processes: how long?

use shared::clock::Stopwatch;
use shared::{Process, Result};

use crate::perform;

/// Two processes wait at the same time: three seconds as well.
pub(crate) fn scene() -> Result<()> {
    let watch = Stopwatch::start();
    let sing = Process::new(|| act("sing")).start()?;
    let dance = Process::new(|| act("dance")).start()?;
    for child in [sing, dance] {
        child.join()?;
    }
    println!("two processes: {:.1} s", watch.seconds());
    Ok(())
}

/// Runs in a child, whose exit code tells the parent how it went: `Ok` is 0.
fn act(name: &str) -> Result<()> {
    perform(name);
    Ok(())
}
