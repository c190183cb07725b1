//! A screen at a time: what does not fit on the terminal is left to the reader's pager.

use std::fs::File;
use std::io::{self, IsTerminal, Seek, Write};
use std::os::unix::process::CommandExt;
use std::process::Command;

use anstream::{AutoStream, ColorChoice};
use nix::sys::memfd::{MFdFlags, memfd_create};

use crate::exit::{Answer, Result};
use crate::terminal::print;

/// What `less` is told by those who do not tell it otherwise: end at once if the text fits on the screen, show colours,
/// and leave the text on the screen.
const LESS: &str = "FRX";

/// Shows `text`: in the pager `$PAGER`, or `less`, if stdout is a terminal. A pager takes the place of this process, so that
/// keys and Ctrl-C are the pager's own.
pub(crate) fn show(text: &str) -> Result {
    let stdout = io::stdout();
    if stdout.is_terminal() {
        let is_plain = AutoStream::choice(&stdout) == ColorChoice::Never;
        let plain = is_plain.then(|| anstream::adapter::strip_str(text).to_string());
        // It returns only if there is no such pager, or no memory for the text: then the terminal shows all at once.
        let _failed = become_pager(plain.as_deref().unwrap_or(text));
    }
    print(text)?;
    Ok(Answer::Held)
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

/// A file in memory that holds `text`, at its beginning: a pipe would need another process to write it.
fn file(text: &str) -> io::Result<File> {
    let mut file = File::from(memfd_create(c"text", MFdFlags::MFD_CLOEXEC)?);
    file.write_all(text.as_bytes())?;
    file.rewind()?;
    Ok(file)
}
