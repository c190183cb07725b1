//! A terminal, as a command sees it, and as its reader does.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::path::PathBuf;
use std::process::{Child, Command};

use anstream::adapter::strip_str;
use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::pty::{Winsize, openpty};
use nix::sys::termios::{LocalFlags, tcgetattr};

use super::{Course, XTASK};

/// If a terminal shows nothing for this long, something hangs: a minute, in milliseconds.
const HANGS: u16 = 60_000;

/// A terminal on which xtask runs, for a reader who types.
pub(crate) struct Terminal {
    master: File,
    /// The path of the end that xtask has.
    slave: PathBuf,
    xtask: Child,
    /// What it has shown so far.
    shown: Vec<u8>,
}

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
        let (shown, code) = self.open_terminal(columns, environment, words).end();
        assert_eq!(code, Some(0), "{shown}");
        shown
    }

    /// Starts xtask on such a terminal, which interrupts it at Ctrl-C.
    pub(crate) fn open_terminal<'a>(
        &self,
        columns: u16,
        environment: &[(&str, &str)],
        words: impl IntoIterator<Item = &'a str>,
    ) -> Terminal {
        self.open_terminal_of((24, columns), environment, words)
    }

    /// The same, with this many rows and columns.
    pub(crate) fn open_terminal_of<'a>(
        &self,
        (rows, columns): (u16, u16),
        environment: &[(&str, &str)],
        words: impl IntoIterator<Item = &'a str>,
    ) -> Terminal {
        let size = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        let pty = openpty(&size, None).unwrap();
        // A terminal hangs up when its master is closed, by a test that fails too. So no program may have a copy.
        for end in [&pty.master, &pty.slave] {
            fcntl(end, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC)).unwrap();
        }
        let slave = || -> OwnedFd { pty.slave.try_clone().unwrap() };
        let path = fs::read_link(format!("/proc/self/fd/{}", pty.slave.as_raw_fd())).unwrap();
        let xtask = self.command(words);
        // A terminal interrupts only the session that it controls.
        let mut command = Command::new("setsid");
        command.args(["--ctty", XTASK]).args(xtask.get_args());
        command.current_dir(xtask.get_current_dir().unwrap());
        for (name, value) in xtask.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command.env("TERM", "xterm").envs(environment.iter().copied());
        command.stdin(slave()).stdout(slave()).stderr(slave());
        let xtask = command.spawn().unwrap();
        // The master reads to an end only when no copy of the slave is open.
        drop((command, pty.slave));
        Terminal { master: pty.master.into(), slave: path, xtask, shown: Vec::new() }
    }
}

impl Terminal {
    /// Waits until the terminal shows this text, after what it has shown when this was last called.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, text: &str) {
        let from = self.shown.len();
        while !String::from_utf8_lossy(&self.shown[from..]).contains(text) {
            assert!(self.read(), "no {text:?} in:\n{}", String::from_utf8_lossy(&self.shown));
        }
    }

    pub(crate) fn type_keys(&mut self, keys: &str) {
        self.master.write_all(keys.as_bytes()).unwrap();
    }

    /// The reader gives the window this many rows and columns.
    pub(crate) fn resize(&self, rows: u16, columns: u16) {
        let [rows, columns] = [rows, columns].map(|number| number.to_string());
        let size = ["rows", &rows, "columns", &columns];
        let status = Command::new("stty").arg("-F").arg(&self.slave).args(size).status().unwrap();
        assert!(status.success());
    }

    /// The rows of the latest of the screens that took each other's place, without colours.
    #[track_caller]
    pub(crate) fn screen(&mut self) -> Vec<String> {
        loop {
            let shown = String::from_utf8_lossy(&self.shown);
            let latest = shown.rsplit_once("\x1b[H").map_or("", |(_, latest)| latest);
            if let Some((screen, _)) = latest.split_once("\x1b[J") {
                let screen = strip_str(screen).to_string();
                return screen.lines().map(|row| row.trim_end().to_owned()).collect();
            }
            assert!(self.read(), "no whole screen in:\n{}", String::from_utf8_lossy(&self.shown));
        }
    }

    /// Whether the terminal shows what is typed, and waits for the end of a line.
    pub(crate) fn is_usual(&self) -> bool {
        let flags = tcgetattr(&self.master).unwrap().local_flags;
        flags.contains(LocalFlags::ECHO | LocalFlags::ICANON)
    }

    /// All that it has shown until the command ended, and the exit code.
    #[track_caller]
    pub(crate) fn end(&mut self) -> (String, Option<i32>) {
        while self.read() {}
        let code = self.xtask.wait().unwrap().code();
        let shown = std::mem::take(&mut self.shown);
        (String::from_utf8(shown).unwrap().replace("\r\n", "\n"), code)
    }

    /// Reads what the terminal shows next. False if no process has it open any more.
    #[track_caller]
    fn read(&mut self) -> bool {
        let mut waits = [PollFd::new(self.master.as_fd(), PollFlags::POLLIN)];
        let is_ready = poll(&mut waits, PollTimeout::from(HANGS)).unwrap() > 0;
        assert!(is_ready, "nothing more after:\n{}", String::from_utf8_lossy(&self.shown));
        let mut buffer = [0; 4096];
        // EIO is the end.
        let count = self.master.read(&mut buffer).unwrap_or(0);
        self.shown.extend_from_slice(&buffer[..count]);
        count > 0
    }
}
