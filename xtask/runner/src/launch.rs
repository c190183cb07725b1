//! The program to start, and its limits.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A program to start: its command, its surroundings and its limits.
///
/// It starts with nothing on stdin and with the host's environment. `LC_ALL=C.UTF-8` and `RUST_BACKTRACE=0` make
/// messages the same everywhere. `TMPDIR` names an empty folder that belongs to the run. The working directory, unless
/// one is given, is another such folder: so the program cannot depend on where it was started, and any file left there
/// is its own, even if other runs go on at the same time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Launch {
    pub(crate) command: Vec<OsString>,
    pub(crate) environment: Vec<(OsString, OsString)>,
    pub(crate) directory: Option<PathBuf>,
    pub(crate) deadline: Duration,
    pub(crate) linger: Option<Duration>,
}

impl Launch {
    /// The program and its arguments. A name without a slash is looked up in `PATH`; a relative path starts at the
    /// host's working directory. The deadline is 10 s.
    pub fn new<W: Into<OsString>>(command: impl IntoIterator<Item = W>) -> Self {
        let mut command: Vec<OsString> = command.into_iter().map(Into::into).collect();
        if let Some(program) = command.first_mut() {
            // Made absolute, since the program starts in another directory.
            let path = Path::new(&*program);
            let has_folder = path.parent().is_some_and(|folder| !folder.as_os_str().is_empty());
            if has_folder && let Ok(absolute) = std::path::absolute(path) {
                *program = absolute.into_os_string();
            }
        }
        Self {
            command,
            environment: Vec::new(),
            directory: None,
            deadline: Duration::from_secs(10),
            linger: None,
        }
    }

    /// How long the run may take, in real time. The time for which it is suspended does not count.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Gives every process at least this much time to end by itself after the leader, in real time. What has ended by
    /// then is not left behind, even if the leader has not waited for it. Some languages start helpers that end in this
    /// way, such as the resource tracker of Python's multiprocessing.
    #[must_use]
    pub fn linger(mut self, linger: Duration) -> Self {
        self.linger = Some(linger);
        self
    }

    /// Adds a variable to the environment, or changes its value.
    #[must_use]
    pub fn variable(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Starts in `directory`. Files that the run leaves there are not reported: they may belong to another program.
    #[must_use]
    pub fn directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.directory = Some(directory.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_path_means_the_same_from_another_directory() {
        let program = |word: &str| Launch::new([word]).command.remove(0);
        let here = std::env::current_dir().unwrap();
        assert_eq!(program("target/x"), here.join("target/x").into_os_string());
        assert_eq!(program("sh"), "sh");
        assert_eq!(program("/bin/sh"), "/bin/sh");
    }
}
