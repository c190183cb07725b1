//! One run of a program: what it prints, and how it ends.

use std::ffi::OsString;
use std::io::Read;
use std::process::{Command, ExitStatus, Stdio};

use crate::answer::Failure;

/// The most bytes of output that are read, far more than any transcript describes.
const MOST_BYTES: u64 = 64 << 20;

pub(crate) struct Run {
    pub(crate) stdout: Vec<u8>,
    pub(crate) status: ExitStatus,
}

/// Runs a program to its end; its standard input and standard error are ours.
pub(crate) fn run(words: &[OsString]) -> Result<Run, Failure> {
    let (name, arguments) = words.split_first().expect("a program has a name");
    let cannot = |verb: &str, error: &std::io::Error| {
        Failure::Question(format!(
            "cannot {verb} `{}`: {error}",
            name.to_string_lossy().escape_debug()
        ))
    };
    let mut child = Command::new(name)
        .args(arguments)
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| cannot("start", &error))?;
    let mut stdout = Vec::new();
    let pipe = child.stdout.take().expect("its standard output is a pipe");
    let read = pipe.take(MOST_BYTES + 1).read_to_end(&mut stdout);
    let flooded = stdout.len() as u64 > MOST_BYTES;
    if flooded || read.is_err() {
        // The program may have ended already.
        _ = child.kill();
    }
    let status = child.wait().map_err(|error| cannot("wait for", &error))?;
    read.map_err(|error| cannot("read the output of", &error))?;
    if flooded {
        let name = name.to_string_lossy();
        let most = MOST_BYTES >> 20;
        return Err(Failure::Question(format!(
            "`{}` printed more than {most} MiB, and was killed",
            name.escape_debug()
        )));
    }
    Ok(Run { stdout, status })
}
