//! Where the screens are shown: on a terminal, each in the place of the one before; elsewhere, one after the other.

use std::io;
use std::os::fd::AsFd;

use console::Term;
use nix::sys::termios::{
    LocalFlags, SetArg, SpecialCharacterIndices, Termios, tcgetattr, tcsetattr,
};

use super::keys::Key;
use super::screen::Parts;
use crate::drawing::width;
use crate::exit::{Error, Result};
use crate::terminal::{print, println};

/// Another screen of the terminal, and back: what was there before is kept.
const ENTER: &str = "\x1b[?1049h";
const LEAVE: &str = "\x1b[?1049l";
/// To the first column of the first row; clear the rest of the row, of the screen.
const HOME: &str = "\x1b[H";
const CLEAR_ROW: &str = "\x1b[K";
const CLEAR_BELOW: &str = "\x1b[J";

/// Where the screens are shown.
pub(super) enum Stage {
    Plain,
    Terminal(Taken),
}

/// A terminal that passes on each key at once. It is given back when this is dropped.
pub(super) struct Taken {
    before: Termios,
    is_left: bool,
    /// The screen that is shown now.
    latest: String,
}

impl Stage {
    /// Takes the terminal. Ctrl-C still interrupts; Ctrl-Z and Ctrl-\ do nothing, since they would leave the terminal
    /// as it is now.
    ///
    /// # Errors
    ///
    /// Standard input is no terminal.
    pub(super) fn terminal() -> Result<Self> {
        let failed =
            |errno: nix::errno::Errno| Error::Question(format!("cannot use the terminal: {errno}"));
        let before = tcgetattr(io::stdin().as_fd()).map_err(failed)?;
        let mut single = before.clone();
        single.local_flags.remove(LocalFlags::ICANON | LocalFlags::ECHO);
        single.control_chars[SpecialCharacterIndices::VSUSP as usize] = 0;
        single.control_chars[SpecialCharacterIndices::VQUIT as usize] = 0;
        single.control_chars[SpecialCharacterIndices::VMIN as usize] = 1;
        single.control_chars[SpecialCharacterIndices::VTIME as usize] = 0;
        tcsetattr(io::stdin().as_fd(), SetArg::TCSADRAIN, &single).map_err(failed)?;
        let taken = Taken { before, is_left: false, latest: String::new() };
        print(ENTER)?;
        Ok(Self::Terminal(taken))
    }

    pub(super) fn width(&self) -> usize {
        width()
    }

    pub(super) fn show(&mut self, parts: Parts) -> Result<()> {
        match self {
            Self::Plain => println(parts.whole()),
            Self::Terminal(taken) => {
                taken.latest = parts.clone().whole();
                let height =
                    Term::stdout().size_checked().map_or(24, |(rows, _)| usize::from(rows));
                let rows = parts.fitted(height).join(&format!("{CLEAR_ROW}\n"));
                print(format_args!("{HOME}{rows}{CLEAR_ROW}{CLEAR_BELOW}"))
            }
        }
    }

    /// Shows which key was taken, where no terminal has shown it.
    pub(super) fn echo(&self, key: &Key) -> Result<()> {
        match self {
            Self::Plain => println(format_args!("> {key}\n")),
            Self::Terminal(_) => Ok(()),
        }
    }

    /// Gives the terminal back, with the last screen on it.
    pub(super) fn leave(self, last: &str) -> Result<()> {
        if let Self::Terminal(mut taken) = self {
            taken.give_back();
            println(&taken.latest)?;
        }
        print(last)
    }
}

impl Taken {
    fn give_back(&mut self) {
        if !std::mem::replace(&mut self.is_left, true) {
            _ = print(LEAVE);
            _ = tcsetattr(io::stdin().as_fd(), SetArg::TCSADRAIN, &self.before);
        }
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.give_back();
    }
}
