//! Standard input, of which `poll` tells when there is something to read.

use std::io::{self, IsTerminal};
use std::os::fd::AsFd;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::termios::{FlushArg, tcflush};
use nix::unistd;

use crate::exit::{Error, Result};
use crate::player::Player;

/// How often to look for Ctrl-C and for a new size of the terminal, in milliseconds.
const LOOK: u16 = 100;

/// Some bytes of standard input; no bytes at its end. None if `stop` says so meanwhile.
///
/// # Errors
///
/// Ctrl-C was pressed, the reader of our output has closed it, or standard input cannot be read.
pub(super) fn read(player: &Player, stop: impl Fn() -> bool) -> Result<Option<Vec<u8>>> {
    let (stdin, stdout) = (io::stdin(), io::stdout());
    loop {
        if player.interrupted() {
            return Err(Error::Interrupted);
        }
        if stop() {
            return Ok(None);
        }
        // Of the output, `poll` always tells when it is closed.
        let mut waits = [
            PollFd::new(stdin.as_fd(), PollFlags::POLLIN),
            PollFd::new(stdout.as_fd(), PollFlags::empty()),
        ];
        let mut buffer = [0; 1024];
        // Not through the buffer of `stdin`, of which `poll` knows nothing.
        let count = match poll(&mut waits, PollTimeout::from(LOOK)) {
            Ok(0) => continue,
            Ok(_) if waits[1].any() == Some(true) => return Err(Error::NoReader),
            ready => ready.and_then(|_| unistd::read(&stdin, &mut buffer)),
        };
        match count {
            Ok(count) => return Ok(Some(buffer[..count].to_vec())),
            Err(Errno::EINTR) => {}
            // The terminal is gone.
            Err(Errno::EIO) => return Ok(Some(Vec::new())),
            Err(errno) => {
                return Err(Error::Question(format!("cannot read standard input: {errno}")));
            }
        }
    }
}

/// Takes what was typed on a terminal and not read yet. What comes through a pipe or from a file stays.
pub(super) fn discard() -> Vec<u8> {
    let stdin = io::stdin();
    let mut typed = Vec::new();
    while stdin.is_terminal() {
        let mut waits = [PollFd::new(stdin.as_fd(), PollFlags::POLLIN)];
        let mut buffer = [0; 1024];
        match poll(&mut waits, PollTimeout::ZERO).and_then(|ready| match ready {
            0 => Ok(0),
            _ => unistd::read(&stdin, &mut buffer),
        }) {
            Ok(0) => break,
            Ok(count) => typed.extend_from_slice(&buffer[..count]),
            Err(Errno::EINTR) => {}
            Err(_) => break,
        }
    }
    // The beginning of a line cannot be read.
    _ = tcflush(&stdin, FlushArg::TCIFLUSH);
    typed
}
