//! Ten processes without a lock: what changes?

use shared::clock::{self, Stopwatch};
use shared::{Process, Result, join_all};

/// Without a lock all ten speak at the same time, and they are done sooner.
pub(crate) fn scene() -> Result<()> {
    let watch = Stopwatch::start();
    let mut children = Vec::new();
    for number in 0..10 {
        children.push(Process::new(|| greet(number)).start()?);
    }
    join_all(children)?;
    println!("main: ten greetings in {:.1} s", watch.seconds());
    Ok(())
}

/// Runs in each child. The sleep stands for a conversation.
fn greet(number: u32) -> Result<()> {
    println!("hello world {number}");
    clock::sleep(0.2);
    println!("goodbye world {number}");
    Ok(())
}
