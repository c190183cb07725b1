//! How many rounds?
//!
//! The program in `semaphores` is so plain that every schedule of it can be played, if it is small. Here the command
//! line gives its size.

use shared::{Result, lesson};

use crate::semaphores;

/// Three tasks print a line each in every round. The option says how many rounds.
pub(crate) fn semaphores() -> Result<()> {
    semaphores::three_tasks(lesson::option("rounds")?)
}
