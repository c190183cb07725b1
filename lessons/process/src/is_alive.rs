//! Does it still run, and how long do I wait?

use std::time::Duration;

use shared::clock::{self, Stopwatch};
use shared::{Child, Process, Result};

/// A child is alive until it ends, and a join with a limit gives up before that.
pub(crate) fn scene() -> Result<()> {
    let mut first = Process::new(|| work(2.0)).start()?;
    let mut second = Process::new(|| work(1.0)).name("quick").start()?;
    tell(&first);
    tell(&second);

    let watch = Stopwatch::start();
    if first.join_timeout(clock::seconds(1.0))?.is_none() {
        println!("parent: has waited {:.1} s for {}", watch.seconds(), first.name());
    }
    tell(&first);

    for child in [&mut first, &mut second] {
        child.join_timeout(Duration::MAX)?; // No limit. join would take the handle, and nothing could be asked.
        tell(child);
    }
    Ok(())
}

fn tell(child: &Child) {
    let state = if child.is_alive() { "alive" } else { "not alive" };
    println!("parent: {} is {state}", child.name());
}

/// Runs in each child. The sleep stands for work.
fn work(seconds: f64) -> Result<()> {
    clock::sleep(seconds);
    println!("child: has worked for {seconds:.1} s");
    Ok(())
}
