//! How a run is disturbed. To add a kind, write a variant, a file beside `shaken.rs`, and a line in [`start`].

mod shaken;

use std::io;
use std::process::{Child, Command};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use self::shaken::Shaker;

/// What decides which process of a run goes on, and when.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Schedule {
    /// The system alone.
    #[default]
    Free,
    /// The system, while the runner holds processes for some milliseconds, and keeps every other run on one core.
    Shaken {
        /// Decides which processes are held, and for how long. The same seed makes the same decisions. The machine
        /// decides at which moment of the program they take effect.
        seed: u64,
    },
}

/// Disturbs a run. All disturbances end when it is dropped.
pub(crate) trait Steer {
    /// Does what is due now. Returns how long the supervisor may wait before it calls again.
    fn steer(&mut self) -> Duration;
}

/// Starts the program in the thread that will steer it: a schedule may have to change what the child inherits, or to
/// act before the child does anything.
pub(crate) fn start(
    schedule: &Schedule,
    command: &mut Command,
) -> io::Result<(Child, Box<dyn Steer>)> {
    let steer: Box<dyn Steer> = match schedule {
        Schedule::Free => Box::new(Nothing),
        Schedule::Shaken { seed } => Box::new(Shaker::new(*seed)),
    };
    Ok((command.spawn()?, steer))
}

/// Leaves a run to the system.
pub(crate) struct Nothing;

impl Steer for Nothing {
    fn steer(&mut self) -> Duration {
        Duration::MAX
    }
}
