//! Programs and transcripts that belong to no course.

use std::env;
use std::ffi::OsString;
use std::io::{self, Read};
use std::path::Path;
use std::time::Duration;

use runner::Launch;
use transcript::Transcript;

use crate::exit::{Error, Result};

/// How many seconds a program may take, unless the reader says otherwise.
pub(crate) const DEADLINE: u32 = 60;
/// How long a process may outlive its program. A lesson waits for its children, but what a language starts by itself
/// may end on its own.
const LINGER: Duration = Duration::from_secs(2);

/// The transcript in this file, or in standard input if the path is `-`.
pub(crate) fn transcript(path: &Path) -> Result<Transcript> {
    Transcript::parse(&name(path), &text(path)?).map_err(|error| Error::Question(error.to_string()))
}

/// The launch of a program in the current directory, with a deadline in seconds.
pub(crate) fn launch(program: &[OsString], deadline: u32) -> Result<Launch> {
    let here = env::current_dir().map_err(|error| Error::file("find", Path::new("."), &error))?;
    let deadline = Duration::from_secs(deadline.into());
    Ok(Launch::new(program).directory(here).deadline(deadline).linger(LINGER))
}

pub(crate) fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// The text of a file, or of standard input if the path is `-`.
pub(crate) fn text(path: &Path) -> Result<String> {
    String::from_utf8(read(path)?).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        Error::Question(format!("{}:{line}: not text: byte {at} is not UTF-8", name(path)))
    })
}

/// The file's name in messages.
pub(crate) fn name(path: &Path) -> String {
    if is_stdin(path) { "standard input".to_owned() } else { path.display().to_string() }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if is_stdin(path) {
        io::stdin().read_to_end(&mut bytes).map_err(|error| Error::file("read", path, &error))?;
    } else {
        bytes = std::fs::read(path).map_err(|error| Error::file("read", path, &error))?;
    }
    Ok(bytes)
}
