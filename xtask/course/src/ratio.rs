//! A ratio that a chapter's text claims, and how to read it from what a scene prints.

use toml_edit::{Item, Value};

/// What a text claims about speed or memory: a number that a scene prints, divided by another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ratio {
    /// The scene and its options, as on the lesson's command line.
    pub run: Vec<String>,
    /// What is compared, in words.
    pub what: String,
    /// How the line of the number begins.
    pub of: String,
    /// How the line of the divisor begins; none if the scene prints the ratio itself.
    pub to: Option<String>,
    /// Which number of the line counts, from 1, not counting numbers in the beginning.
    pub number: usize,
}

impl Ratio {
    const KEYS: [&str; 4] = ["what", "of", "to", "number"];

    /// The ratios of a manifest, where each run has a list. An error says what is wrong with them.
    pub(crate) fn list(item: Option<&Item>) -> Result<Vec<Self>, String> {
        let Some(item) = item else { return Ok(Vec::new()) };
        let runs = item.as_table_like().ok_or("ratios must be a table: a list for each run")?;
        let mut ratios = Vec::new();
        for (run, list) in runs.iter() {
            let list = list.as_array().ok_or(format!("ratios has no list for `{run}`"))?;
            for ratio in list {
                let wrong =
                    |what| format!("ratios has {} for `{run}`: {what}", ratio.to_string().trim());
                ratios.push(Self::new(run, ratio).map_err(wrong)?);
            }
        }
        Ok(ratios)
    }

    fn new(run: &str, ratio: &Value) -> Result<Self, String> {
        let table = ratio.as_inline_table().ok_or("not a table")?;
        if let Some((key, _)) = table.iter().find(|(key, _)| !Self::KEYS.contains(key)) {
            return Err(format!("there is no {key}, only {}", Self::KEYS.join(", ")));
        }
        let text = |key: &str| match table.get(key) {
            None => Ok(None),
            Some(value) => match value.as_str().map(str::trim).filter(|text| !text.is_empty()) {
                Some(text) => Ok(Some(text.to_owned())),
                None => Err(format!("{key} must be a string, and not empty")),
            },
        };
        let needed = |key: &str| text(key)?.ok_or(format!("it needs {key} = \"...\""));
        let number = match table.get("number").map(Value::as_integer) {
            None => 1,
            Some(number) => number
                .and_then(|number| usize::try_from(number).ok())
                .filter(|number| *number > 0)
                .ok_or("number must be a whole number, from 1")?,
        };
        let run = run.split_whitespace().map(str::to_owned).collect();
        Ok(Self { run, what: needed("what")?, of: needed("of")?, to: text("to")?, number })
    }

    /// The name of the scene.
    pub fn scene(&self) -> &str {
        self.run.first().map_or("", String::as_str)
    }

    /// How its row begins in the table of the text.
    pub fn head(&self) -> String {
        format!("| `{}` | {} |", self.scene(), self.what)
    }

    /// The ratio in the output of one run. An error says what the output lacks.
    pub fn read(&self, output: &str) -> Result<f64, String> {
        let of = self.number(output, &self.of)?;
        let Some(to) = &self.to else { return Ok(of) };
        let ratio = of / self.number(output, to)?;
        if ratio.is_finite() { Ok(ratio) } else { Err(format!("the number of `{to}` is 0")) }
    }

    /// The beginning of a line that the ratio needs, and that is none of `lines`.
    pub fn lacks(&self, lines: &[&str]) -> Option<&str> {
        let beginnings = [Some(&self.of), self.to.as_ref()].into_iter().flatten();
        let mut missing = beginnings
            .filter(|beginning| lines.iter().all(|line| after(line, beginning).is_none()));
        missing.next().map(String::as_str)
    }

    /// The number in the last line that begins so: if a scene prints several tables, the last one counts.
    fn number(&self, output: &str, beginning: &str) -> Result<f64, String> {
        let line = output.lines().rev().find_map(|line| after(line, beginning));
        let line = line.ok_or(format!("no line begins with `{beginning}`"))?;
        let words = line.split_whitespace().map(|word| word.trim_end_matches([',', ';', '%']));
        let numbers: Vec<f64> =
            words.filter_map(|word| word.parse().ok()).filter(|n: &f64| n.is_finite()).collect();
        let found = numbers.get(self.number - 1).copied();
        found.ok_or(format!("no number {} in the line `{beginning}{line}`", self.number))
    }
}

/// The rest of a line that begins with these words.
fn after<'a>(line: &'a str, beginning: &str) -> Option<&'a str> {
    let rest = line.trim_start().strip_prefix(beginning)?;
    (rest.is_empty() || rest.starts_with(char::is_whitespace)).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "\
main: 2 workers
one worker          █████████████ 1.0 s, speed-up 1.00
two threads         ███████ 0.5 s, speed-up 1.98
keeps 0: ████ 27.1 ms, malloc 20 times, 10261 page faults
     2 ████ 2.0
    32 ████ 27.6
main: Python 3.11 with a GIL
one worker          █████████████ 1.9 s, speed-up 1.00
two threads         ██████████████ 2.1 s, speed-up 0.92
nothing             ▏ 0.0 s
half                ██ 50 %
";

    fn list(ratios: &str) -> Result<Vec<Ratio>, String> {
        let value: Value = ratios.parse().unwrap();
        Ratio::list(Some(&Item::Value(value)))
    }

    fn read(of: &str, to: Option<&str>, number: usize) -> Result<f64, String> {
        let run = vec!["cpu-bound".to_owned()];
        let (of, to) = (of.to_owned(), to.map(str::to_owned));
        Ratio { run, what: String::new(), of, to, number }.read(OUTPUT)
    }

    #[test]
    fn numbers_are_found_by_the_beginning_of_their_line() {
        assert_eq!(read("keeps 0:", None, 1), Ok(27.1));
        assert_eq!(read("keeps 0:", None, 3), Ok(10261.0), "with a comma before it");
        assert_eq!(read("half", None, 1), Ok(50.0), "with a percent sign");
        assert_eq!(read("2", None, 1), Ok(2.0), "a word, not the first character");
        assert_eq!(read("32", Some("2"), 1), Ok(13.8));
    }

    #[test]
    fn the_last_line_counts() {
        assert_eq!(read("two threads", None, 2), Ok(0.92));
        assert_eq!(read("two threads", Some("one worker"), 1), Ok(2.1 / 1.9));
    }

    #[test]
    fn what_the_output_lacks_is_named() {
        let wrong = |of, to, number| read(of, to, number).unwrap_err();
        assert_eq!(
            wrong("two", None, 9),
            "no number 9 in the line `two threads         ██████████████ 2.1 s, speed-up 0.92`"
        );
        assert_eq!(wrong("two thread", None, 1), "no line begins with `two thread`");
        assert_eq!(wrong("half", Some("three"), 1), "no line begins with `three`");
        assert_eq!(wrong("half", Some("nothing"), 1), "the number of `nothing` is 0");
    }

    #[test]
    fn a_manifest_lists_ratios() {
        let ratios = list(
            r#"{
                "load --connections 10" = [{ what = "memory: a ÷ b", of = "a ", to = "b", number = 3 }],
                cpu-bound = [{ what = "speed", of = "two threads" }],
            }"#,
        )
        .unwrap();
        let [load, cpu_bound] = &ratios[..] else { panic!("{ratios:?}") };
        assert_eq!((load.scene(), load.run.len(), load.number), ("load", 3, 3));
        assert_eq!((load.of.as_str(), load.to.as_deref()), ("a", Some("b")));
        assert_eq!(load.head(), "| `load` | memory: a ÷ b |");
        assert_eq!((cpu_bound.to.as_deref(), cpu_bound.number), (None, 1));
        assert_eq!(Ratio::list(None), Ok(Vec::new()));
    }

    #[test]
    fn a_wrong_manifest_is_told_what_is_wrong() {
        for (ratios, what) in [
            ("[]", "ratios must be a table: a list for each run"),
            ("{ load = 1 }", "ratios has no list for `load`"),
            ("{ load = [ 1 ] }", "ratios has 1 for `load`: not a table"),
            (r#"{ load = [{ what = "b" }] }"#, r#"{ what = "b" } for `load`: it needs of = "...""#),
            (r#"{ load = [{ what = " ", of = "c" }] }"#, "what must be a string, and not empty"),
            (r#"{ load = [{ what = "b", of = 1 }] }"#, "of must be a string, and not empty"),
            (
                r#"{ load = [{ what = "b", of = "c", number = 0 }] }"#,
                "number must be a whole number, from 1",
            ),
            (
                r#"{ load = [{ what = "b", of = "c", too = "d" }] }"#,
                "there is no too, only what, of, to, number",
            ),
        ] {
            let error = list(ratios).unwrap_err();
            assert!(error.contains(what), "{error}");
        }
    }
}
