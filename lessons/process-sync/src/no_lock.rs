//! Ten at the same time: what does it look like without a lock?

use shared::Result;
use shared::clock::Stopwatch;

use crate::{children, greet};

/// Without a lock ten processes speak all at once, and are done sooner.
pub(crate) fn scene() -> Result<()> {
    let watch = Stopwatch::start();
    let children = children::start(10, greet)?;
    children::join(children)?;
    println!("main: ten greetings in {:.1} s", watch.seconds());
    Ok(())
}
