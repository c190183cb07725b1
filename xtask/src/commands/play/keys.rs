//! The reader's keys: from a script, from a pipe line by line, or from a terminal one by one.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::os::fd::AsFd;

use console::Term;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::unistd;
use orders::Choices;

use crate::exit::{Error, Result};
use crate::player::Player;

/// How often to look for Ctrl-C and for a new size of the terminal, in milliseconds.
const LOOK: u16 = 100;

/// What the reader wants.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Key {
    Number(usize),
    Undo,
    Hint,
    Goal,
    Help,
    Quit,
    /// The terminal has another size.
    Resized,
    Unknown(String),
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Undo => f.write_str("u"),
            Self::Hint => f.write_str("h"),
            Self::Goal => f.write_str("g"),
            Self::Help => f.write_str("?"),
            Self::Quit => f.write_str("q"),
            Self::Resized => Ok(()),
            Self::Unknown(word) => f.write_str(&runner::escaped(word)),
        }
    }
}

/// Where the keys come from.
pub(super) enum Keys {
    /// The words of a script, or of the lines of standard input that were read so far.
    Words { words: VecDeque<String>, is_script: bool, rest: Vec<u8> },
    /// A terminal that passes on each key at once, and the bytes that were read and not used yet.
    Single { bytes: VecDeque<u8>, size: Option<(u16, u16)> },
}

impl Keys {
    pub(super) fn script(text: &str) -> Self {
        Self::Words { words: words(text), is_script: true, rest: Vec::new() }
    }

    pub(super) fn lines() -> Self {
        Self::Words { words: VecDeque::new(), is_script: false, rest: Vec::new() }
    }

    pub(super) fn single() -> Self {
        Self::Single { bytes: VecDeque::new(), size: Term::stdout().size_checked() }
    }

    /// The next key; none at the end of the input. `numbers` can be chosen.
    pub(super) fn next(&mut self, player: &Player, numbers: &[usize]) -> Result<Option<Key>> {
        match self {
            Self::Words { words, is_script, rest } => {
                while words.is_empty() && !*is_script {
                    let Some(bytes) = read(player, || false)? else { continue };
                    if bytes.is_empty() {
                        // The last line may have no newline.
                        *is_script = true;
                        rest.push(b'\n');
                    }
                    rest.extend(bytes);
                    if let Some(end) = rest.iter().rposition(|byte| *byte == b'\n') {
                        let lines: Vec<u8> = rest.drain(..=end).collect();
                        *words = self::words(&String::from_utf8_lossy(&lines));
                    }
                }
                Ok(words.pop_front().map(|word| key(&word)))
            }
            Self::Single { bytes, size } => single(player, numbers, bytes, size),
        }
    }
}

/// The next key of a terminal. A number ends when no longer one can be chosen, or with any other key.
fn single(
    player: &Player,
    numbers: &[usize],
    bytes: &mut VecDeque<u8>,
    size: &mut Option<(u16, u16)>,
) -> Result<Option<Key>> {
    let mut digits = String::new();
    loop {
        let Some(byte) = bytes.pop_front() else {
            let known = *size;
            let is_resized = || Term::stdout().size_checked() != known;
            let Some(read) = read(player, is_resized)? else {
                *size = Term::stdout().size_checked();
                return Ok(Some(Key::Resized));
            };
            if read.is_empty() {
                return Ok(None);
            }
            bytes.extend(read);
            continue;
        };
        match byte {
            b'0'..=b'9' => {
                digits.push(char::from(byte));
                let is_longer = |number: &&usize| {
                    let text = number.to_string();
                    text.len() > digits.len() && text.starts_with(&digits)
                };
                if !numbers.iter().any(|number| is_longer(&number)) {
                    return Ok(Some(key(&digits)));
                }
            }
            _ if !digits.is_empty() => {
                if !byte.is_ascii_whitespace() {
                    bytes.push_front(byte);
                }
                return Ok(Some(key(&digits)));
            }
            // Backspace.
            0x7f | 0x08 => return Ok(Some(Key::Undo)),
            // Ctrl-D.
            0x04 => return Ok(Some(Key::Quit)),
            // An arrow or another special key: the rest of it came along.
            0x1b => bytes.clear(),
            byte if byte.is_ascii_graphic() => {
                return Ok(Some(key(&char::from(byte).to_string())));
            }
            _ => {}
        }
    }
}

/// The words of a text. A list of choices, as `replay` takes it, is a word for each of them.
fn words(text: &str) -> VecDeque<String> {
    let words = text.split_whitespace().map(|word| match word.parse::<Choices>() {
        Ok(choices) => choices.numbers().iter().map(ToString::to_string).collect(),
        Err(_) => vec![word.to_owned()],
    });
    words.flatten().collect()
}

fn key(word: &str) -> Key {
    match word {
        "u" => Key::Undo,
        "h" => Key::Hint,
        "g" => Key::Goal,
        "?" => Key::Help,
        "q" => Key::Quit,
        other => other.parse().map_or_else(|_| Key::Unknown(other.to_owned()), Key::Number),
    }
}

/// Some bytes of standard input; no bytes at its end. None if `stop` says so meanwhile.
fn read(player: &Player, stop: impl Fn() -> bool) -> Result<Option<Vec<u8>>> {
    let stdin = io::stdin();
    loop {
        if player.interrupted() {
            return Err(Error::Interrupted);
        }
        if stop() {
            return Ok(None);
        }
        let mut waits = [PollFd::new(stdin.as_fd(), PollFlags::POLLIN)];
        let mut buffer = [0; 1024];
        // Not through the buffer of `stdin`, of which `poll` knows nothing.
        let count = match poll(&mut waits, PollTimeout::from(LOOK)) {
            Ok(0) => continue,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8], numbers: &[usize]) -> Vec<Key> {
        let player = Player::new().expect("a player");
        let mut bytes: VecDeque<u8> = bytes.iter().copied().collect();
        let mut size = None;
        let mut keys = Vec::new();
        while !bytes.is_empty() {
            keys.extend(single(&player, numbers, &mut bytes, &mut size).expect("a key"));
        }
        keys
    }

    #[test]
    fn a_list_of_choices_is_a_key_each() {
        assert_eq!(words("1 u 0,1,3x12\nq"), ["1", "u", "0", "1", "12", "12", "12", "q"]);
        assert_eq!(words("0,q 0x1"), ["0,q", "0x1"], "no list");
    }

    #[test]
    fn a_key_of_a_terminal_needs_no_enter() {
        use Key::{Hint, Number, Quit, Undo, Unknown};
        assert_eq!(all(b"01u", &[0, 1]), [Number(0), Number(1), Undo]);
        assert_eq!(all(b"x\x7f\x04", &[0, 1]), [Unknown("x".to_owned()), Undo, Quit]);
        // 1 may be the beginning of 10.
        let ten: Vec<usize> = (0..=10).collect();
        assert_eq!(all(b"101 1h2", &ten), [Number(10), Number(1), Number(1), Hint, Number(2)]);
    }
}
