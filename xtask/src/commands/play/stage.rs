//! Where the screens are shown: on a terminal, each in the place of the one before; elsewhere, one after the other.

use std::env;
use std::io::{self, IsTerminal};
use std::os::fd::AsFd;

use console::Term;
use nix::sys::termios::{
    LocalFlags, SetArg, SpecialCharacterIndices, Termios, tcgetattr, tcsetattr,
};

use super::key::Key;
use super::screen::Parts;
use crate::exit::{Error, Result};
use crate::terminal::{print, print_control, println, without_unwanted_colours};

/// Another screen of the terminal, and back: what was there before is kept.
const ENTER: &str = "\x1b[?1049h";
const LEAVE: &str = "\x1b[?1049l";
/// To the first column of the first row; clear the rest of the row, of the screen.
const HOME: &str = "\x1b[H";
const CLEAR_ROW: &str = "\x1b[K";
const CLEAR_BELOW: &str = "\x1b[J";

/// Where the screens are shown.
pub(super) enum Stage {
    Plain {
        /// Whether a terminal shows the keys as they are typed.
        shows_keys: bool,
    },
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
    /// Where the screens are shown to a reader who types.
    pub(super) fn new() -> Result<Self> {
        let is_terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
        let can_clear = env::var_os("TERM").is_some_and(|kind| !kind.is_empty() && kind != "dumb");
        if is_terminal && can_clear {
            return Self::terminal();
        }
        Ok(Self::Plain { shows_keys: io::stdin().is_terminal() })
    }

    /// Takes the terminal. Ctrl-C still interrupts; Ctrl-Z and Ctrl-\ do nothing, since they would leave the terminal
    /// as it is now.
    ///
    /// # Errors
    ///
    /// Standard input is no terminal.
    fn terminal() -> Result<Self> {
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
        print_control(ENTER)?;
        Ok(Self::Terminal(taken))
    }

    /// Shows a page of a screen. Returns whether it is the last one, which has the question. Where there are no pages,
    /// a reader who has the rest before the eyes gets only the remarks and the question.
    pub(super) fn show(&mut self, parts: Parts, page: usize, is_new: bool) -> Result<bool> {
        let Self::Terminal(taken) = self else {
            println(if is_new { parts.whole() } else { parts.foot() })?;
            return Ok(true);
        };
        taken.latest = parts.left_behind();
        let height = Term::stdout().size_checked().map_or(24, |(rows, _)| usize::from(rows));
        let pages = parts.pages(height);
        let page = page.min(pages.len() - 1);
        let rows = pages[page].iter().map(|row| without_unwanted_colours(row));
        let rows = rows.collect::<Vec<_>>().join(&format!("{CLEAR_ROW}\n"));
        print_control(&format!("{HOME}{rows}{CLEAR_ROW}{CLEAR_BELOW}"))?;
        Ok(page + 1 == pages.len())
    }

    /// Shows a moment before the moves that follow without a choice. Returns whether they follow without a key: where
    /// the screens are one below the other, the reader loses none.
    pub(super) fn stop(&mut self, parts: Parts) -> Result<bool> {
        match self {
            Self::Plain { .. } => {
                println(parts.without_question())?;
                Ok(true)
            }
            Self::Terminal(_) => self.show(parts, 0, true).map(|_| false),
        }
    }

    /// Whether a typed key comes only with the end of its line.
    pub(super) fn needs_enter(&self) -> bool {
        matches!(self, Self::Plain { shows_keys: true })
    }

    /// Shows which key was taken, where no terminal has shown it.
    pub(super) fn echo(&self, key: &Key) -> Result<()> {
        match self {
            Self::Plain { shows_keys: false } => println(format_args!("> {key}\n")),
            Self::Plain { shows_keys: true } => println(""),
            Self::Terminal(_) => Ok(()),
        }
    }

    /// Says in the last row of the screen what the reader waits for.
    pub(super) fn wait(&self, what: &str) -> Result<()> {
        match self {
            Self::Plain { .. } => Ok(()),
            Self::Terminal(_) => print_control(&format!("\r{what}{CLEAR_ROW}")),
        }
    }

    /// Gives the terminal back, with the last screen on it.
    pub(super) fn leave(self, last: &str) -> Result<()> {
        match self {
            Self::Plain { shows_keys: false } => {}
            // The terminal has shown a key, and no newline if that was Ctrl-C.
            Self::Plain { shows_keys: true } => println("")?,
            Self::Terminal(mut taken) => {
                taken.give_back();
                print(&taken.latest)?;
            }
        }
        print(last)
    }
}

impl Taken {
    fn give_back(&mut self) {
        if !std::mem::replace(&mut self.is_left, true) {
            _ = print_control(LEAVE);
            _ = tcsetattr(io::stdin().as_fd(), SetArg::TCSADRAIN, &self.before);
        }
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.give_back();
    }
}
