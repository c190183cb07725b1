//! A screen at a time: what does not fit on the terminal is left to the reader's pager.

use std::fs::File;
use std::io::{self, IsTerminal, Seek, Write};
use std::os::unix::process::CommandExt;
use std::process::Command;

use anstream::{AutoStream, ColorChoice};
use nix::sys::memfd::{MFdFlags, memfd_create};

use crate::exit::{Answer, Result};
use crate::terminal::print;

/// The options of `less`, unless the reader has set some: end at once if the text fits on the screen, show colours, and
/// leave the text on the screen.
const LESS: &str = "FRX";

/// Shows `text`; if stdout is a terminal, in the pager that `PAGER` names, or in `less`. The pager takes the place of
/// this process, and so Ctrl-C and the exit status are the pager's own.
pub(crate) fn show(text: &str) -> Result {
    let stdout = io::stdout();
    if stdout.is_terminal() {
        let is_plain = AutoStream::choice(&stdout) == ColorChoice::Never;
        let plain = is_plain.then(|| anstream::adapter::strip_str(text).to_string());
        // It returns only if there is no such pager, or no memory for the text. Then all of the text is printed.
        let _failed = become_pager(plain.as_deref().unwrap_or(text));
    }
    print(text)?;
    Ok(Answer::Passed)
}

fn become_pager(text: &str) -> io::Error {
    let wanted = std::env::var("PAGER").unwrap_or_default();
    let mut words = wanted.split_whitespace();
    let mut pager = Command::new(words.next().unwrap_or("less"));
    pager.args(words);
    if std::env::var_os("LESS").is_none() {
        pager.env("LESS", LESS);
    }
    match file(text) {
        Ok(file) => pager.stdin(file).exec(),
        Err(error) => error,
    }
}

/// An open file in memory with `text` in it. A pipe would need another process, to write what does not fit into it.
fn file(text: &str) -> io::Result<File> {
    let mut file = File::from(memfd_create(c"text", MFdFlags::MFD_CLOEXEC)?);
    file.write_all(text.as_bytes())?;
    file.rewind()?;
    Ok(file)
}
