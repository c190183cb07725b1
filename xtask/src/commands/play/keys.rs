//! The reader's keys: from a script, from the lines of standard input, or from a terminal one by one.

use std::collections::VecDeque;

use orders::Choices;

use super::input;
use super::key::Key;
use super::typed::{Typed, Typing};
use crate::exit::Result;
use crate::player::Player;

/// Where the keys come from.
pub(super) enum Keys {
    Script(Script),
    /// The words of the lines of standard input.
    Lines(Lines),
    /// A terminal that passes on each key at once.
    Single(Typed),
}

/// The keys of `--script`.
pub(super) struct Script {
    keys: Vec<Key>,
    taken: usize,
}

/// The keys that were read and not taken, and the bytes after the last newline.
#[derive(Default)]
pub(super) struct Lines {
    keys: VecDeque<Key>,
    rest: Vec<u8>,
    has_ended: bool,
}

impl Keys {
    /// The keys of a script.
    ///
    /// # Errors
    ///
    /// A word is no key: what is wrong, for people.
    pub(super) fn script(text: &str) -> std::result::Result<Self, String> {
        let script = Script { keys: keys(text), taken: 0 };
        for (at, key) in script.keys.iter().enumerate() {
            if let Key::Unknown(_) = key {
                let place = script.place(at);
                let file = if script.keys.len() == 1 { ", and no file has this name" } else { "" };
                return Err(format!("{place} is `{key}`, which is no key{file}. {KEYS}"));
            }
        }
        Ok(Self::Script(script))
    }

    pub(super) fn lines() -> Self {
        Self::Lines(Lines::default())
    }

    pub(super) fn single() -> Self {
        Self::Single(Typed::new())
    }

    /// The next key; none at the end of the input. `numbers` can be chosen.
    ///
    /// # Errors
    ///
    /// Ctrl-C, no reader of the output, or an error of standard input.
    pub(super) fn next(&mut self, player: &Player, numbers: &[usize]) -> Result<Option<Key>> {
        match self {
            Self::Script(script) => Ok(script.next()),
            Self::Lines(lines) => lines.next(player),
            Self::Single(typed) => typed.next(player, numbers),
        }
    }

    /// Drops what was typed on a terminal before the reader could see the question. Returns what is said about it.
    pub(super) fn drop_early(&mut self) -> Option<String> {
        match self {
            Self::Script(_) => None,
            Self::Lines(_) => too_early(keys(&String::from_utf8_lossy(&input::discard())).len()),
            Self::Single(typed) => too_early(typed.drop_early()),
        }
    }

    /// Drops the numbers that come next, up to another key. Returns how many were dropped.
    pub(super) fn drop_numbers(&mut self) -> usize {
        let is_number = |key: &&Key| matches!(key, Key::Number(_) | Key::Choice(_));
        match self {
            Self::Script(script) => {
                let numbers = script.keys[script.taken..].iter().take_while(is_number).count();
                script.taken += numbers;
                numbers
            }
            Self::Lines(lines) => {
                let numbers = lines.keys.iter().take_while(is_number).count();
                lines.keys.drain(..numbers);
                numbers
            }
            Self::Single(_) => 0,
        }
    }

    /// A text that the reader types on a terminal, up to Enter. Elsewhere it comes with its key.
    ///
    /// # Errors
    ///
    /// Ctrl-C, no reader of the output, or an error of standard input.
    pub(super) fn text(&mut self, player: &Player, text: &mut String) -> Result<Typing> {
        match self {
            Self::Script(_) | Self::Lines(_) => Ok(Typing::Dropped),
            Self::Single(typed) => typed.text(player, text),
        }
    }

    /// Whether a text is typed after its key, and not with it.
    pub(super) fn are_single(&self) -> bool {
        matches!(self, Self::Single(_))
    }

    /// The digits of a number that may go on.
    pub(super) fn begun(&self) -> &str {
        match self {
            Self::Script(_) | Self::Lines(_) => "",
            Self::Single(typed) => typed.begun(),
        }
    }

    /// What is wrong if no more keys come, and these tasks could go on.
    pub(super) fn too_few(&self, tasks: &str) -> String {
        let (what, advice) = match self {
            Self::Script(_) => ("The script", "Write more keys, or `q` as the last one."),
            Self::Lines(_) | Self::Single(_) => ("The input", "`q` quits without this remark."),
        };
        format!("{what} ends here, and the run does not: you could choose {tasks}. {advice}\n")
    }

    /// `key 2 of 4`: the latest key of a script.
    pub(super) fn place(&self) -> Option<String> {
        match self {
            Self::Script(script) => Some(script.place(script.taken.saturating_sub(1))),
            Self::Lines(_) | Self::Single(_) => None,
        }
    }
}

/// What is said about keys that were typed before the question.
fn too_early(keys: usize) -> Option<String> {
    match keys {
        0 => None,
        1 => Some("1 key came before the question, and was not used.".to_owned()),
        keys => Some(format!("{keys} keys came before the question, and were not used.")),
    }
}

/// What a script may consist of.
const KEYS: &str = "The keys are the numbers of tasks, u, n, e, h, g, ? and q; after g, a goal is in quotation marks";

/// The keys of a text, a word each. A list of choices, as `replay` takes it, has a comma or an x, and is a key for each
/// of them. A text in quotation marks after `g` is another goal.
fn keys(text: &str) -> Vec<Key> {
    let mut keys = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (word, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        rest = after.trim_start();
        let quoted = rest.strip_prefix('"').and_then(|rest| rest.split_once('"'));
        match (word, quoted) {
            ("g", Some((goal, after))) => {
                keys.push(Key::SetGoal(goal.to_owned()));
                rest = after.trim_start();
            }
            _ => keys.extend(of_word(word)),
        }
    }
    keys
}

fn of_word(word: &str) -> Vec<Key> {
    match word.parse::<Choices>() {
        Ok(choices) if word.contains([',', 'x']) => {
            choices.numbers().iter().copied().map(Key::Choice).collect()
        }
        _ => vec![Key::of(word)],
    }
}

impl Script {
    fn next(&mut self) -> Option<Key> {
        let key = self.keys.get(self.taken)?;
        self.taken += 1;
        Some(key.clone())
    }

    fn place(&self, at: usize) -> String {
        format!("key {} of {}", at + 1, self.keys.len())
    }
}

impl Lines {
    fn next(&mut self, player: &Player) -> Result<Option<Key>> {
        while self.keys.is_empty() && !self.has_ended {
            let Some(bytes) = input::read(player, || false)? else { continue };
            if bytes.is_empty() {
                // The last line may have no newline.
                self.has_ended = true;
                self.rest.push(b'\n');
            }
            self.rest.extend(bytes);
            if let Some(end) = self.rest.iter().rposition(|byte| *byte == b'\n') {
                let lines: Vec<u8> = self.rest.drain(..=end).collect();
                let lines = String::from_utf8_lossy(&lines);
                self.keys.extend(keys(&lines));
            }
        }
        Ok(self.keys.pop_front())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_says_which_of_its_words_is_no_key() {
        let error = |text| Keys::script(text).err().unwrap_or_default();
        assert_eq!(error("0 12 u n e h g ? q"), "");
        assert_eq!(error("0 x\n1"), format!("key 2 of 3 is `x`, which is no key. {KEYS}"));
        let file = error("keys.txt");
        assert!(file.contains("`keys.txt`, which is no key, and no file has this name"), "{file}");
    }

    #[test]
    fn a_list_of_choices_is_a_key_each() {
        use Key::{Choice, Number, Quit, Undo, Unknown};

        let twelve = Choice(12);
        assert_eq!(
            keys("1 u 0,1,2x12\nq"),
            [Number(1), Undo, Choice(0), Choice(1), twelve.clone(), twelve, Quit]
        );
        let unknown = |text: &str| Unknown(text.to_owned());
        assert_eq!(keys("0,q 0x1"), [unknown("0,q"), unknown("0x1")], "no list");
    }

    #[test]
    fn a_text_after_g_is_a_goal() {
        use Key::{Goal, Number, SetGoal, Unknown};

        let set = |text: &str| SetGoal(text.to_owned());
        assert_eq!(
            keys("g 1 g \"two 2 -> one\" 3\ng \"prints g\""),
            [Goal, Number(1), set("two 2 -> one"), Number(3), set("prints g")]
        );
        let unknown = |text: &str| Unknown(text.to_owned());
        assert_eq!(keys("g \"one"), [Goal, unknown("\"one")]);
        assert_eq!(keys("1 \"one\""), [Number(1), unknown("\"one\"")]);
    }

    #[test]
    fn numbers_after_the_end_are_dropped() {
        let mut script = Keys::script("1 2,3 u 4").expect("keys");
        assert_eq!((script.drop_numbers(), script.drop_numbers()), (3, 0));
        let Keys::Script(script) = script else { panic!("a script") };
        assert_eq!(script.place(script.taken), "key 4 of 5");
    }
}
