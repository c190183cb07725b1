//! The table of scenes that a chapter's main.rs passes to `lesson::run`.

/// A row of the scene table: `("crash --workers 4", crash::scene)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) name: String,
    /// The declared options with their defaults, `--workers 4`.
    pub(crate) options: String,
    pub(crate) path: String,
}

/// The rows of the table that main.rs passes to `lesson::run`, or what is wrong with it.
pub(crate) fn rows(source: &str) -> Result<Vec<Row>, String> {
    const FORM: &str = "main must call lesson::run(&[(\"scene --option default\", function), ...])";
    let code = without_comments(source);
    let (_, call) =
        code.split_once("lesson::run(").ok_or_else(|| format!("no scene table: {FORM}"))?;
    let (_, mut rest) = call.split_once('[').ok_or_else(|| format!("no scene table: {FORM}"))?;
    let mut rows: Vec<Row> = Vec::new();
    loop {
        rest = rest.trim_start_matches([' ', '\n', '\r', '\t', ',']);
        if rest.starts_with(']') {
            break;
        }
        let (row, after) = row(rest).ok_or_else(|| {
            format!(
                "cannot read the scene table at `{}`: {FORM}",
                rest.lines().next().unwrap_or_default()
            )
        })?;
        if rows.iter().any(|earlier| earlier.name == row.name) {
            return Err(format!("the scene `{}` is in the table twice: rename one", row.name));
        }
        rows.push(row);
        rest = after;
    }
    if rows.is_empty() { Err(format!("the scene table is empty: {FORM}")) } else { Ok(rows) }
}

/// Reads `("name --option default", path)`. Returns the row, and the rest of the text.
fn row(text: &str) -> Option<(Row, &str)> {
    let text = text.strip_prefix('(')?.trim_start().strip_prefix('"')?;
    let (usage, text) = text.split_once('"')?;
    let words: Vec<&str> = usage.split_whitespace().collect();
    let (name, options) = words.split_first()?;
    let has_defaults =
        options.chunks(2).all(|option| option.len() == 2 && option[0].starts_with("--"));
    let (path, rest) = text.trim_start().strip_prefix(',')?.split_once(')')?;
    let path = path.trim().trim_end_matches(',').trim_end();
    let is_path =
        !path.is_empty() && path.chars().all(|c| c.is_alphanumeric() || c == '_' || c == ':');
    let row = Row { name: (*name).to_owned(), options: options.join(" "), path: path.to_owned() };
    (is_path && has_defaults).then_some((row, rest))
}

/// The source without `//` comments; a `//` inside a string stays.
fn without_comments(source: &str) -> String {
    let mut code = String::with_capacity(source.len());
    let mut characters = source.chars().peekable();
    let mut in_string = false;
    while let Some(character) = characters.next() {
        match character {
            '/' if !in_string && characters.peek() == Some(&'/') => {
                while characters.next_if(|c| *c != '\n').is_some() {}
            }
            '\\' if in_string => {
                code.push(character);
                code.extend(characters.next());
            }
            '"' => {
                in_string = !in_string;
                code.push(character);
            }
            _ => code.push(character),
        }
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(source: &str) -> Vec<(String, String)> {
        rows(source).unwrap().into_iter().map(|row| (row.name, row.path)).collect()
    }

    #[test]
    fn reads_the_table_however_it_is_laid_out() {
        let wanted =
            [("map".to_owned(), "map".to_owned()), ("crash".to_owned(), "crash::scene".to_owned())];
        assert_eq!(
            pairs(r#"fn main() { lesson::run(&[("map", map), ("crash", crash::scene)]) }"#),
            wanted
        );
        assert_eq!(
            pairs(
                "shared::lesson::run(&[\n  // (\"old\", old),\n  (\n \"map\",\n map,\n ),\n (\"crash\", crash::scene),\n])"
            ),
            wanted
        );
        assert_eq!(
            pairs("let u = \"http://x\"; lesson::run(&[(\"a\", a)])"),
            [("a".to_owned(), "a".to_owned())]
        );
    }

    #[test]
    fn a_scene_declares_its_options_behind_its_name() {
        let rows =
            rows(r#"lesson::run(&[("map", map), ("more  --workers 4 --shift -1", f)])"#).unwrap();
        let read: Vec<_> =
            rows.iter().map(|row| (row.name.as_str(), row.options.as_str())).collect();
        assert_eq!(read, [("map", ""), ("more", "--workers 4 --shift -1")]);
    }

    #[test]
    fn says_what_is_wrong_with_a_table() {
        for (source, part) in [
            ("fn main() {}", "no scene table"),
            ("// lesson::run(&[(\"a\", a)])", "no scene table"),
            ("lesson::run(&[])", "empty"),
            ("lesson::run(&[(\"a\", a), (b, b)])", "at `(b, b)])`"),
            ("lesson::run(&[(\"a\", || Ok(()))])", "cannot read"),
            ("lesson::run(&[(\"a\", a), (\"a\", b)])", "is in the table twice"),
            ("lesson::run(&[(\"a\", a), (\"a --n 3\", b)])", "is in the table twice"),
            ("lesson::run(&[(\"a --n\", a)])", "at `(\"a --n\", a)])`"),
            ("lesson::run(&[(\"a n 3\", a)])", "cannot read"),
            ("lesson::run(&[(\" \", a)])", "cannot read"),
        ] {
            let message = rows(source).unwrap_err();
            assert!(message.contains(part), "{source}: {message}");
        }
    }
}
