//! What a run leaves behind when it ends.
//!
//! To add a kind, write a file in this folder, a detector in [`DETECTORS`], and a variant of [`Leftover`] with its
//! text. The supervisor finds processes while it is their ancestor (`process`), or the host does if the supervisor is
//! dead. The host finds everything else, after the last process of the run has ended.

mod folder;
mod process;
mod shared_folder;
mod system_v;

use std::fmt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::cancel::Cancel;
use crate::escape::escaped;
use crate::folder::Folder;
use crate::waits::Waiting;

pub use self::system_v::SystemV;

pub(crate) use self::process::{left_behind, marked, running};

/// One thing that should have been gone when the run ended.
///
/// Displayed in one line, which is safe for a terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Leftover {
    /// A process that went on.
    Running {
        /// Its number.
        pid: i32,
        /// Its program and arguments.
        command: String,
        /// What its threads did when the supervisor ended the run; empty if the leader had ended by itself, or if the
        /// supervisor was dead.
        threads: Vec<Waiting>,
    },
    /// A child of the leader that the leader did not wait for.
    Unwaited {
        /// Its number.
        pid: i32,
        /// Its program and arguments, when it was last seen alive.
        command: String,
    },
    /// An entry of a folder that belonged only to the run. It is removed.
    Entry {
        /// `temporary folder` or `working directory`.
        folder: String,
        /// The entry's name.
        name: String,
    },
    /// An entry of a folder that the whole machine shares, such as /dev/shm. It appeared during the run and no process
    /// uses it. It may still belong to another program, so it is not removed.
    Shared {
        /// The whole path.
        path: PathBuf,
    },
    /// A System V object. It may belong to another program too, and is not removed.
    SystemV {
        /// Its kind.
        kind: SystemV,
        /// Its number, as ipcrm(1) takes it.
        id: i32,
    },
}

impl Leftover {
    /// Whether it was found in a place that all programs share, so that it may belong to another program.
    #[must_use]
    pub fn may_be_foreign(&self) -> bool {
        matches!(self, Self::Shared { .. } | Self::SystemV { .. })
    }

    /// Whether two runs of the same program may have left these two: the same kind of thing in the same place, with
    /// names that may differ in a random part.
    #[must_use]
    pub fn resembles(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Shared { path: one }, Self::Shared { path: other }) => {
                one.parent() == other.parent() && alike(one, other)
            }
            (Self::SystemV { kind: one, .. }, Self::SystemV { kind: other, .. }) => one == other,
            _ => self == other,
        }
    }

    /// Every process number in it, to be replaced: two runs that do the same differ only in these.
    pub fn pids_mut(&mut self) -> Vec<&mut i32> {
        match self {
            Self::Running { pid, threads, .. } => {
                let others = threads.iter_mut().flat_map(|waiting| waiting.on.pids_mut());
                [pid].into_iter().chain(others).collect()
            }
            Self::Unwaited { pid, .. } => vec![pid],
            Self::Entry { .. } | Self::Shared { .. } | Self::SystemV { .. } => Vec::new(),
        }
    }
}

/// Whether two names have the same length and the same beginning, like names that mkstemp(3) makes.
fn alike(one: &Path, other: &Path) -> bool {
    let [one, other] =
        [one, other].map(|path| path.file_name().unwrap_or_default().as_encoded_bytes());
    one.len() == other.len() && one.iter().zip(other).take(2).all(|(one, other)| one == other)
}

impl fmt::Display for Leftover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Running { pid, command, threads } if threads.is_empty() => {
                write!(f, "process {pid} was still running: {}", escaped(command))
            }
            Self::Running { pid, command, threads } => {
                write!(f, "process {pid} ({}): ", escaped(command))?;
                Waiting::describe(threads, f)
            }
            Self::Unwaited { pid, command } => {
                write!(f, "child {pid} was never waited for: {}", escaped(command))
            }
            Self::Entry { folder, name } => write!(f, "{} in the {folder}", escaped(name)),
            Self::Shared { path } => f.write_str(&escaped(&path.to_string_lossy())),
            Self::SystemV { kind, id } => {
                write!(f, "a System V {kind} ({} {id} removes it)", kind.remedy())
            }
        }
    }
}

/// Finds one kind of leftovers. It is made before the run and asked after the last process of the run has ended, more
/// than once if its finds may belong to another program.
pub(crate) trait Detector {
    fn found(&self) -> Vec<Leftover>;
}

/// Makes one kind's detector for the run that owns the folder.
type Before = fn(&Folder) -> Box<dyn Detector>;

/// How long to wait between two looks at things that may belong to another program, in milliseconds. A compiler needs
/// its temporary files for about a second.
const PAUSES: [u64; 7] = [10, 20, 40, 80, 160, 320, 640];

const DETECTORS: [Before; 6] = [
    folder::temporary,
    folder::working,
    shared_folder::memory,
    shared_folder::message_queues,
    shared_folder::temporary,
    system_v::objects,
];

/// What existed before a run, for all kinds.
pub(crate) struct Surroundings(Vec<Box<dyn Detector>>);

impl Surroundings {
    pub(crate) fn before(folder: &Folder) -> Self {
        Self(DETECTORS.map(|before| before(folder)).into())
    }

    /// What is left after the last process of the run has ended. Another program soon removes its files, or uses them;
    /// the run's leftovers stay as they are.
    pub(crate) fn left(&self, cancel: &Cancel) -> Vec<Leftover> {
        let mut left = self.found();
        let mut pauses = PAUSES.into_iter().map(Duration::from_millis);
        while left.iter().any(Leftover::may_be_foreign)
            && !cancel.is_cancelled()
            && let Some(pause) = pauses.next()
        {
            thread::sleep(pause);
            let still = self.found();
            left.retain(|leftover| still.contains(leftover));
        }
        left
    }

    fn found(&self) -> Vec<Leftover> {
        self.0.iter().flat_map(|detector| detector.found()).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    /// Finds everything at first, and one thing less each time.
    struct Vanishing(Cell<usize>);

    impl Detector for Vanishing {
        fn found(&self) -> Vec<Leftover> {
            let count = self.0.get();
            self.0.set(count.saturating_sub(1));
            (0..count).map(|name| Leftover::Shared { path: name.to_string().into() }).collect()
        }
    }

    #[test]
    fn what_vanishes_by_itself_is_foreign() {
        let found = |count| {
            let cancel = Cancel::new().unwrap();
            Surroundings(vec![Box::new(Vanishing(Cell::new(count)))]).left(&cancel).len()
        };
        assert_eq!(found(3), 0);
        assert_eq!(found(PAUSES.len() + 3), 3, "what is there at the last look stays");
    }

    #[test]
    fn a_random_part_of_a_name_does_not_matter() {
        let shared = |path: &str| Leftover::Shared { path: path.into() };
        assert!(shared("/tmp/x").resembles(&shared("/tmp/x")));
        assert!(shared("/tmp/tmp.Ab12").resembles(&shared("/tmp/tmp.9xyz")));
        assert!(!shared("/tmp/tmp.Ab12").resembles(&shared("/dev/shm/tmp.Ab12")));
        assert!(!shared("/tmp/tmp.Ab12").resembles(&shared("/tmp/tmp.Ab123")));
        assert!(!shared("/tmp/one").resembles(&shared("/tmp/two")));
        let system_v = |kind, id| Leftover::SystemV { kind, id };
        let (memory, queue) = (SystemV::SharedMemory, SystemV::MessageQueue);
        assert!(system_v(memory, 1).resembles(&system_v(memory, 2)));
        assert!(!system_v(memory, 1).resembles(&system_v(queue, 1)));
    }

    #[test]
    fn a_leftover_cannot_command_the_terminal() {
        let evil = "a\u{1b}[2J\nb".to_owned();
        let leftovers = [
            Leftover::Running { pid: 1, command: evil.clone(), threads: Vec::new() },
            Leftover::Unwaited { pid: 1, command: evil.clone() },
            Leftover::Entry { folder: "temporary folder".to_owned(), name: evil.clone() },
            Leftover::Shared { path: evil.into() },
        ];
        for leftover in leftovers {
            let text = leftover.to_string();
            assert!(text.contains(r"a\u{1b}[2J\nb"), "{text}");
            assert!(!text.contains(char::is_control), "{text}");
        }
    }
}
