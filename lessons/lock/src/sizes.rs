//! How often, and how many?
//!
//! The programs in the files that these scenes call are so plain that every schedule of them can be played, if they are
//! small. Here the command line gives their size.

use shared::{Result, lesson};

use crate::{check_then_act, lost_update, mutex};

/// Two threads add 1 to one counter, as often as the option says. Three observers print what they see.
pub(crate) fn lost_update() -> Result<()> {
    lost_update::two_threads(lesson::option("rounds")?)
}

/// The same with a lock: both threads hold it from the read to the write.
pub(crate) fn mutex() -> Result<()> {
    mutex::two_threads(lesson::option("rounds")?)
}

/// Two agents sell the seats of a plane. No agent looks at a seat, or sells it, without its lock.
pub(crate) fn check_then_act() -> Result<()> {
    check_then_act::two_agents(lesson::option("seats")?)
}
