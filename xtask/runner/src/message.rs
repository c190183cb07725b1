//! What host and supervisor say to each other.
//!
//! On the supervisor's stdin: one line of JSON, the [`Assignment`], then single bytes, and an end-of-file when the run is
//! to end, or when the host needs its folder no more. On its stdout: one [`Message`] in JSON a line, as things happen. So what a run printed is known even when its
//! supervisor is killed.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

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

/// The folder that belongs to one run alone.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// How the names of all such folders begin.
    pub(crate) const PREFIX: &str = "runner-";

    pub(crate) fn new(path: &Path) -> std::io::Result<Self> {
        let folder = Self(path.to_owned());
        std::fs::create_dir(folder.working())?;
        std::fs::create_dir(folder.temporary())?;
        Ok(folder)
    }

    /// The program's working directory, if it is given no other.
    pub(crate) fn working(&self) -> PathBuf {
        self.0.join("work")
    }

    /// Its TMPDIR.
    pub(crate) fn temporary(&self) -> PathBuf {
        self.0.join("tmp")
    }

    pub(crate) fn remove(&self) {
        _ = std::fs::remove_dir_all(&self.0);
    }
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
    /// None where nobody could ask.
    pub(crate) processor: Option<Duration>,
}
