//! The messages between host and supervisor.
//!
//! On the supervisor's stdin: one line of JSON, the [`Assignment`], then single bytes, and an end-of-file when the run
//! must end, or when the host no longer needs the run's folder. On its stdout: one [`Message`] in JSON for each line,
//! as things happen. So if a supervisor is killed, the host still knows what the run had printed up to the last
//! moments.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::folder::Folder;
use crate::launch::Launch;
use crate::leftover::Leftover;
use crate::mark::Mark;
use crate::recording::{Ending, Line, Process};
use crate::schedule::Schedule;

/// Stop the run until further notice.
pub(crate) const SUSPEND: u8 = b's';
/// Go on with it.
pub(crate) const CONTINUE: u8 = b'c';

/// What to run.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Assignment {
    pub(crate) launch: Launch,
    pub(crate) schedule: Schedule,
    pub(crate) folder: Folder,
    pub(crate) mark: Mark,
}

/// What happened.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Message {
    Printed(Vec<Line>),
    /// The last message of a run.
    Ended(Ended),
    /// The last message if the program could not be started, with the reason.
    NotStarted(String),
    /// The last message of a supervisor that itself failed.
    Failed(String),
}

/// What a supervisor knows at the end.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Ended {
    pub(crate) ending: Ending,
    /// For how long other programs kept the processors from the run. Zero if the supervisor was dead.
    pub(crate) delay: Duration,
    pub(crate) processes: Vec<Process>,
    /// Only processes. The host finds the rest, because it must find it even if the supervisor is dead.
    pub(crate) leftovers: Vec<Leftover>,
    pub(crate) wall: Duration,
    /// None if the supervisor was dead.
    pub(crate) processor: Option<Duration>,
}
