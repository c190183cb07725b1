//! The same two acts in two processes: how long?

use shared::clock::Stopwatch;
use shared::{Process, Result};

use crate::one_after_another::perform;

/// Two processes, one for each act: both acts go on at the same time.
pub(crate) fn scene() -> Result<()> {
    let watch = Stopwatch::start();
    let sing = Process::new(|| act("sing")).start()?;
    let dance = Process::new(|| act("dance")).start()?;
    sing.join()?;
    dance.join()?;
    println!("two processes: {:.1} s", watch.seconds());
    Ok(())
}

/// Runs in a child. `Ok` becomes the exit code 0.
fn act(name: &str) -> Result<()> {
    perform(name);
    Ok(())
}
