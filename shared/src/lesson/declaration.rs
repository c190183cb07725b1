//! A row of the scene table reads as a usage line: `more-tasks-than-workers --workers 4`.

use std::fmt::{self, Display, Formatter};

/// A scene's name and its options, each with its default.
#[derive(Debug)]
pub(super) struct Declaration {
    pub(super) name: &'static str,
    options: Vec<(&'static str, &'static str)>,
}

/// An option of the scene that plays.
#[derive(Debug, PartialEq)]
pub(super) struct OptionValue {
    pub(super) name: &'static str,
    pub(super) default: &'static str,
    pub(super) given: Option<String>,
}

impl Declaration {
    /// # Panics
    ///
    /// A row of another form is a mistake in the lesson's source.
    pub(super) fn parse(row: &'static str) -> Self {
        let mut words = row.split_whitespace();
        let name =
            words.next().unwrap_or_else(|| panic!("a scene without a name in the scene table"));
        let mut options = Vec::new();
        while let Some(word) = words.next() {
            match (word.strip_prefix("--"), words.next()) {
                (Some(option), Some(default)) => options.push((option, default)),
                _ => panic!("`{row}` in the scene table: after the name, write `--OPTION DEFAULT`"),
            }
        }
        Self { name, options }
    }

    /// Matches what the command line gave with what the scene has. The error is a sentence for the learner.
    pub(super) fn values(
        &self,
        given: Vec<(String, Option<String>)>,
    ) -> Result<Vec<OptionValue>, String> {
        let mut values: Vec<OptionValue> = self
            .options
            .iter()
            .map(|&(name, default)| OptionValue { name, default, given: None })
            .collect();
        for (name, value) in given {
            let Some(option) = values.iter_mut().find(|option| option.name == name) else {
                let names: String =
                    self.options.iter().map(|(option, _)| format!("--{option}, ")).collect();
                return Err(format!("no option --{name}: the options are {names}--speed"));
            };
            let example = option.default;
            let value = value
                .ok_or_else(|| format!("--{name} needs a value, such as --{name} {example}"))?;
            option.given = Some(value);
        }
        Ok(values)
    }
}

/// The row as it was written.
impl Display for Declaration {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)?;
        self.options.iter().try_for_each(|(name, default)| write!(formatter, " --{name} {default}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(
        row: &'static str,
        given: &[(&str, Option<&str>)],
    ) -> Result<Vec<OptionValue>, String> {
        let owned =
            |&(name, value): &(&str, Option<&str>)| (name.to_owned(), value.map(str::to_owned));
        Declaration::parse(row).values(given.iter().map(owned).collect())
    }

    #[test]
    fn an_option_has_its_default_and_what_was_given() {
        let workers = OptionValue { name: "workers", default: "4", given: None };
        let rounds = OptionValue { name: "rounds", default: "6", given: Some("7".to_owned()) };
        assert_eq!(
            values("map --workers 4 --rounds 6", &[("rounds", Some("7"))]),
            Ok(vec![workers, rounds])
        );
    }

    #[test]
    fn what_does_not_match_is_answered_with_what_there_is() {
        for (row, given, complaint) in [
            (
                "map --workers 4",
                ("wrokers", Some("5")),
                "no option --wrokers: the options are --workers, --speed",
            ),
            ("map --workers 4", ("workers", None), "--workers needs a value, such as --workers 4"),
            ("map", ("sped", Some("5")), "no option --sped: the options are --speed"),
        ] {
            assert_eq!(values(row, &[given]), Err(complaint.to_owned()));
        }
    }

    #[test]
    #[should_panic(
        expected = "`map --workers` in the scene table: after the name, write `--OPTION DEFAULT`"
    )]
    fn a_declared_option_has_a_default() {
        Declaration::parse("map --workers");
    }
}
