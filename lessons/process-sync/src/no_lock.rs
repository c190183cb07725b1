//! Ten at the same time: what does it look like without a lock?

use shared::clock::Stopwatch;
use shared::{Process, Result, join_all};

use crate::greet;

/// Without a lock ten processes speak all at once, and are done sooner.
pub(crate) fn scene() -> Result<()> {
    let watch = Stopwatch::start();
    let mut children = Vec::new();
    for number in 1..=10 {
        children.push(Process::new(|| greet(number)).start()?);
    }
    join_all(children)?;
    println!("main: ten greetings in {:.1} s", watch.seconds());
    Ok(())
}
