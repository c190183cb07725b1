//! Is it still running, and how long do I wait?

use std::os::unix::process::parent_id;
use std::process::id;

use shared::clock::{self, Stopwatch};
use shared::{Child, Process, Result};

/// A child is alive until it ends. A join with a timeout can return while the child is alive.
pub(crate) fn scene() -> Result<()> {
    println!("parent: I am {}", id());
    let mut first = Process::new(|| work(1, 2.0)).start()?;
    let second = Process::new(|| work(2, 1.0)).name("quick").start()?;
    tell(&first);
    tell(&second);

    let watch = Stopwatch::start();
    if first.join_timeout(clock::seconds(1.0))?.is_none() {
        println!("parent: has waited {:.1} s for {}", watch.seconds(), first.name());
    }
    tell(&first);

    first.join()?; // It consumes the handle: below this line, tell(&first) does not compile.
    println!("parent: worker 1 has ended");
    tell(&second);
    second.join()?;
    println!("parent: both have ended");
    Ok(())
}

fn tell(child: &Child) {
    let state = if child.is_alive() { "alive" } else { "not alive" };
    println!("parent: {} ({}) is {state}", child.name(), child.pid());
}

/// Runs in each child. The sleep stands for work.
fn work(number: u32, seconds: f64) -> Result<()> {
    println!("worker {number}: I am {}, my parent is {}", id(), parent_id());
    let watch = Stopwatch::start();
    clock::sleep(seconds);
    println!("worker {number}: has worked for {:.1} s", watch.seconds());
    Ok(())
}
