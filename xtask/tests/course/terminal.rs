//! A terminal, as a command sees it.

use std::fs::File;
use std::io::Read;
use std::os::fd::OwnedFd;

use nix::pty::{Winsize, openpty};

use super::Course;

impl Course {
    /// Runs xtask in the course's folder on a terminal of 24 rows, and with what a reader may have set in the
    /// environment: what the terminal shows.
    #[track_caller]
    pub(crate) fn on_terminal<'a>(
        &self,
        columns: u16,
        environment: &[(&str, &str)],
        words: impl IntoIterator<Item = &'a str>,
    ) -> String {
        let size = Winsize { ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        let pty = openpty(&size, None).unwrap();
        let slave = || -> OwnedFd { pty.slave.try_clone().unwrap() };
        let mut command = self.command(words);
        command.env("TERM", "xterm").envs(environment.iter().copied());
        command.stdin(slave()).stdout(slave()).stderr(slave());
        let mut child = command.spawn().unwrap();
        // The master reads to an end only when no copy of the slave is open.
        drop((command, pty.slave));

        let mut shown = Vec::new();
        // EIO is the end: no process has the terminal open.
        let _end = File::from(pty.master).read_to_end(&mut shown);
        assert!(child.wait().unwrap().success());
        String::from_utf8(shown).unwrap().replace("\r\n", "\n")
    }
}
