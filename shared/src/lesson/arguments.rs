//! The words after a lesson's name.

use std::ffi::OsString;

use crate::clock::SPEEDS;

/// A command line, read without knowing the scenes.
pub(super) struct Arguments {
    pub(super) request: Request,
    pub(super) speed: f64,
    /// The scene's own options: a name without dashes, and the value if there is one.
    pub(super) options: Vec<(String, Option<String>)>,
}

/// What to do.
#[derive(Debug, PartialEq)]
pub(super) enum Request {
    All,
    One(String),
    List,
    Help,
}

impl Arguments {
    /// The error is a sentence for the learner.
    pub(super) fn parse(words: impl IntoIterator<Item = OsString>) -> Result<Self, String> {
        let mut arguments = Self { request: Request::All, speed: 1.0, options: Vec::new() };
        let words = words.into_iter().map(|word| word.to_string_lossy().into_owned());
        let mut words = words.peekable();
        while let Some(word) = words.next() {
            match word.strip_prefix("--") {
                _ if word == "-h" || word == "--help" => arguments.request = Request::Help,
                _ if word == "--list" => arguments.request = Request::List,
                None if word.starts_with('-') => {
                    return Err(format!("{word}: options begin with two dashes"));
                }
                None => arguments.name(word)?,
                Some(option) if option.is_empty() || option.starts_with('=') => {
                    return Err(format!("{word}: an option has a name, such as --speed"));
                }
                Some(option) => match option.split_once('=') {
                    Some((name, value)) => arguments.option(name, Some(value.to_owned()))?,
                    None => {
                        let value = words.next_if(|value| !value.starts_with("--"));
                        arguments.option(option, value)?;
                    }
                },
            }
        }
        match (&arguments.request, arguments.options.first()) {
            (Request::All, Some((option, _))) => Err(format!(
                "--{option} is an option of one scene: name the scene too (--help lists them)"
            )),
            _ => Ok(arguments),
        }
    }

    fn name(&mut self, name: String) -> Result<(), String> {
        match &self.request {
            Request::One(first) => Err(format!("one scene at a time: {first} or {name}")),
            Request::List | Request::Help => Ok(()), // They win, whatever else the line says.
            Request::All => {
                self.request = Request::One(name);
                Ok(())
            }
        }
    }

    fn option(&mut self, name: &str, value: Option<String>) -> Result<(), String> {
        if name == "speed" {
            self.speed = speed(&value.ok_or("--speed needs a value, such as --speed 20")?)?;
        } else if ["help", "list"].contains(&name) {
            return Err(format!("--{name} takes no value"));
        } else if self.options.iter().any(|(known, _)| known == name) {
            return Err(format!("--{name} is given twice"));
        } else {
            self.options.push((name.to_owned(), value));
        }
        Ok(())
    }
}

fn speed(value: &str) -> Result<f64, String> {
    match value.parse() {
        Ok(speed) if SPEEDS.contains(&speed) => Ok(speed),
        _ => {
            let (slowest, fastest) = (SPEEDS.start(), SPEEDS.end());
            Err(format!(
                "--speed {value}: give a number from {slowest} to {fastest}, such as 2 or 0.5"
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Arguments, String> {
        Arguments::parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn scene_speed_and_options_come_in_any_order() {
        for line in
            ["map --workers 5 --speed 2", "--speed=2 --workers=5 map", "--workers 5 map --speed 2"]
        {
            let arguments = parse(line).unwrap();
            assert_eq!(arguments.request, Request::One("map".into()), "{line}");
            assert_eq!(arguments.speed, 2.0, "{line}");
            assert_eq!(arguments.options, [("workers".into(), Some("5".into()))], "{line}");
        }
    }

    #[test]
    fn nothing_means_all_at_speed_one() {
        let arguments = parse("").unwrap();
        assert_eq!((arguments.request, arguments.speed), (Request::All, 1.0));
    }

    #[test]
    fn a_value_may_be_negative() {
        let options = parse("map --shift -5").unwrap().options;
        assert_eq!(options, [("shift".into(), Some("-5".into()))]);
    }

    #[test]
    fn an_option_does_not_take_the_next_one_for_its_value() {
        let arguments = parse("map --workers --speed 2").unwrap();
        assert_eq!(arguments.options, [("workers".into(), None)]);
        assert_eq!(arguments.speed, 2.0);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (line, complaint) in [
            ("map --speed", "--speed needs a value, such as --speed 20"),
            ("map --workers 1 --workers 2", "--workers is given twice"),
            ("map crash", "one scene at a time: map or crash"),
            ("map -w 5", "-w: options begin with two dashes"),
            ("-- map", "--: an option has a name, such as --speed"),
            ("--=5", "--=5: an option has a name, such as --speed"),
            ("--list=3", "--list takes no value"),
            (
                "--workers 5",
                "--workers is an option of one scene: name the scene too (--help lists them)",
            ),
        ] {
            assert_eq!(parse(line).err().as_deref(), Some(complaint), "{line}");
        }
    }

    #[test]
    fn the_speed_has_bounds() {
        for speed in ["0.001", "1000", "1e3"] {
            assert!(parse(&format!("--speed {speed}")).is_ok(), "{speed}");
        }
        for speed in ["0", "0.0009", "1001", "1e9", "-1", "inf", "NaN", "fast"] {
            let complaint =
                format!("--speed {speed}: give a number from 0.001 to 1000, such as 2 or 0.5");
            assert_eq!(parse(&format!("--speed {speed}")).err(), Some(complaint));
        }
    }
}
