//! How a run is disturbed. A new kind is a variant, a file beside `shaken.rs`, and a line in [`start`].

mod shaken;

use std::io;
use std::process::{Child, Command};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use self::shaken::Shaker;

/// Who decides which process of a run goes on, and when.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Schedule {
    /// The system alone.
    #[default]
    Free,
    /// The system, while processes are held for some milliseconds, every other run on one core.
    Shaken {
        /// Decides whom and for how long: what is held, the same seed holds again. When that hits the program is up to
        /// the machine.
        seed: u64,
    },
}

/// Intervenes in a run. All interventions end when it is dropped.
pub(crate) trait Steer {
    /// Does what is due now; how long the supervisor may wait, at most, before it asks again.
    fn steer(&mut self) -> Duration;
}

/// Starts the program, in the thread that steers it from now on: a schedule may need both what its child inherits and
/// what its child does first.
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
