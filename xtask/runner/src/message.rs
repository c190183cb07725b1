//! What host and supervisor say to each other.
//!
//! On the supervisor's stdin: one line of JSON, the [`Assignment`], then single bytes, and an end-of-file when the run is
//! to end, or when the host needs its folder no more. On its stdout: one [`Message`] in JSON a line, as things happen. So
//! when a supervisor is killed, what a run had printed is known up to the last moments.

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
    /// The last message where the program could not be started, and why.
    NotStarted(String),
    /// The last message of a supervisor that failed itself.
    Failed(String),
}

/// What a supervisor knows in the end.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Ended {
    pub(crate) ending: Ending,
    pub(crate) processes: Vec<Process>,
    /// Processes only: the rest is the host's to find, since it must be found if the supervisor is dead, too.
    pub(crate) leftovers: Vec<Leftover>,
    pub(crate) wall: Duration,
    /// None where the supervisor was dead.
    pub(crate) processor: Option<Duration>,
}
