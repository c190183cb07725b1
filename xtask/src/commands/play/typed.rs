//! Keys from a terminal that passes on each one at once.

use std::collections::VecDeque;

use console::Term;

use super::input;
use super::key::Key;
use crate::exit::Result;
use crate::player::Player;

/// What was typed on a terminal.
pub(super) struct Typed {
    /// The bytes that were read and not used yet.
    bytes: VecDeque<u8>,
    /// The digits of a number that may go on.
    digits: String,
    /// The bytes of a character that has not come whole.
    partial: Vec<u8>,
    /// The terminal's rows and columns, as the reader sees them.
    size: Option<(u16, u16)>,
}

/// What came of waiting for bytes.
enum Read {
    Bytes,
    Resized,
    End,
}

/// How far a text has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Typing {
    /// It may go on, or the terminal has another size.
    Open,
    Done,
    /// The reader has thought better of it.
    Dropped,
}

impl Typed {
    pub(super) fn new() -> Self {
        Self { bytes: VecDeque::new(), digits: String::new(), partial: Vec::new(), size: size() }
    }

    pub(super) fn begun(&self) -> &str {
        &self.digits
    }

    /// Drops what was typed, and returns how many keys that were.
    pub(super) fn drop_early(&mut self) -> usize {
        self.digits.clear();
        self.bytes.extend(input::discard());
        let mut keys = 0;
        while let Some(byte) = self.bytes.pop_front() {
            keys += usize::from(self.key(byte, &[]) != Some(Key::Blank));
        }
        keys
    }

    /// The next key; none at the end of the input. A number ends when no longer one can be chosen, or with Enter.
    pub(super) fn next(&mut self, player: &Player, numbers: &[usize]) -> Result<Option<Key>> {
        loop {
            let Some(byte) = self.bytes.pop_front() else {
                match self.read(player)? {
                    Read::Bytes => continue,
                    Read::Resized => return Ok(Some(Key::Redraw)),
                    Read::End => return Ok(None),
                }
            };
            if let Some(key) = self.key(byte, numbers) {
                return Ok(Some(key));
            }
        }
    }

    /// Adds what the reader types next to a text. Enter ends it; Esc and Ctrl-D drop it.
    pub(super) fn text(&mut self, player: &Player, text: &mut String) -> Result<Typing> {
        if self.bytes.is_empty() {
            match self.read(player)? {
                Read::Bytes => {}
                Read::Resized => return Ok(Typing::Open),
                Read::End => return Ok(Typing::Dropped),
            }
        }
        Ok(self.add_to(text))
    }

    fn add_to(&mut self, text: &mut String) -> Typing {
        while let Some(byte) = self.bytes.pop_front() {
            // A character of which the rest has not come.
            let part = match byte {
                b'\r' | b'\n' | 0x04 | 0x1b | 0x7f | 0x08 => std::mem::take(&mut self.partial),
                _ => Vec::new(),
            };
            match byte {
                b'\r' | b'\n' => return Typing::Done,
                0x04 => return Typing::Dropped,
                // An arrow or another special key: the rest of it came along.
                0x1b if !self.bytes.is_empty() => self.bytes.clear(),
                0x1b => return Typing::Dropped,
                // Backspace.
                0x7f | 0x08 if part.is_empty() => {
                    text.pop();
                }
                0x7f | 0x08 => {}
                // A character may have several bytes, of which some come later.
                byte => {
                    self.partial.push(byte);
                    let is_whole = std::str::from_utf8(&self.partial).is_ok();
                    if is_whole || self.partial.len() == 4 {
                        let character = String::from_utf8_lossy(&self.partial).into_owned();
                        text.extend(character.chars().filter(|it| !it.is_control()));
                        self.partial.clear();
                    }
                }
            }
        }
        Typing::Open
    }

    /// Waits for bytes.
    fn read(&mut self, player: &Player) -> Result<Read> {
        let known = self.size;
        Ok(match input::read(player, || size() != known)? {
            None => {
                self.size = size();
                Read::Resized
            }
            Some(bytes) if bytes.is_empty() => Read::End,
            Some(bytes) => {
                self.bytes.extend(bytes);
                Read::Bytes
            }
        })
    }

    fn key(&mut self, byte: u8, numbers: &[usize]) -> Option<Key> {
        let begun = std::mem::take(&mut self.digits);
        match byte {
            b'0'..=b'9' => {
                let digits = format!("{begun}{}", char::from(byte));
                let is_longer = |number: &usize| {
                    let number = number.to_string();
                    number.len() > digits.len() && number.starts_with(&digits)
                };
                if !numbers.iter().any(is_longer) {
                    return Some(Key::of(&digits));
                }
                self.digits = digits;
                Some(Key::Redraw)
            }
            // Backspace.
            0x7f | 0x08 if begun.is_empty() => Some(Key::Undo),
            0x7f | 0x08 => {
                self.digits = begun[..begun.len() - 1].to_owned();
                Some(Key::Redraw)
            }
            b'\r' | b'\n' | b' ' if begun.is_empty() => Some(Key::Blank),
            b'\r' | b'\n' | b' ' => Some(Key::of(&begun)),
            // Ctrl-D.
            0x04 => Some(Key::Quit),
            // An arrow or another special key: the rest of it came along.
            0x1b => {
                self.bytes.clear();
                Some(Key::Redraw)
            }
            // Any other key drops the digits before it.
            byte if byte.is_ascii_graphic() => Some(Key::of(&char::from(byte).to_string())),
            _ => Some(Key::Redraw),
        }
    }
}

fn size() -> Option<(u16, u16)> {
    Term::stdout().size_checked()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8], numbers: &[usize]) -> Vec<Key> {
        let mut typed = Typed { bytes: bytes.iter().copied().collect(), ..Typed::new() };
        let mut keys = Vec::new();
        while let Some(byte) = typed.bytes.pop_front() {
            let key = typed.key(byte, numbers);
            keys.extend(key.filter(|key| !matches!(key, Key::Redraw | Key::Blank)));
        }
        keys
    }

    #[test]
    fn a_key_of_a_terminal_needs_no_enter() {
        use Key::{Hint, Number, Quit, Undo, Unknown};
        assert_eq!(all(b"01u\r\n2", &[0, 1, 2]), [Number(0), Number(1), Undo, Number(2)]);
        assert_eq!(all(b"x\x7f\x04", &[0, 1]), [Unknown("x".to_owned()), Undo, Quit]);
        assert_eq!(all(b"\x1b[A", &[0, 1]), []);
        // 1 may be the beginning of 10: Enter ends it, Backspace and any other key take it back.
        let ten: Vec<usize> = (0..=10).collect();
        assert_eq!(all(b"101\r1h1\x7f2", &ten), [Number(10), Number(1), Hint, Number(2)]);
    }

    #[test]
    fn a_text_is_typed_up_to_enter() {
        let typed = |bytes: &[u8]| {
            let mut typed = Typed { bytes: bytes.iter().copied().collect(), ..Typed::new() };
            let mut text = String::new();
            (typed.add_to(&mut text), text)
        };
        for (bytes, typing, text) in [
            (&b"puts 5"[..], Typing::Open, "puts 5"),
            (b"putz\x7fs 5 -> got 1\rq", Typing::Done, "puts 5 -> got 1"),
            ("grün\x7f\x7fün\r".as_bytes(), Typing::Done, "grün"),
            (b"puts\x04", Typing::Dropped, "puts"),
            (b"puts\x1b", Typing::Dropped, "puts"),
            (b"puts\x1b[D", Typing::Open, "puts"),
        ] {
            assert_eq!(typed(bytes), (typing, text.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_character_may_come_in_pieces() {
        let mut typed = Typed::new();
        let mut text = String::new();
        let mut typing = Typing::Open;
        // Half of a ü is completed, one is taken back, and one is ended by Enter.
        for bytes in [b"gr\xc3", &b"\xbcn\xc3"[..], b"\x7f!\xc3", b"\r"] {
            typed.bytes.extend(bytes);
            typing = typed.add_to(&mut text);
        }
        assert_eq!((typing, text.as_str()), (Typing::Done, "gr\u{fc}n!"));
        assert!(typed.partial.is_empty(), "it would spoil the next goal");
    }
}
