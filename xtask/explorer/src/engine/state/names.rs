//! What an object is called in the source that makes it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::{env, fs};

use crate::engine::op::Place;

thread_local! {
    /// The lines of the files that were read.
    static SOURCES: RefCell<HashMap<&'static str, Vec<String>>> = RefCell::default();
}

/// The name of what is made here: `a` in `let a = Mutex::new(0)`, in `let (a, b) = (Mutex::new(0), ..)` and in
/// `a: Mutex::new(0)`, and also in `let a: Vec<_> = (0..3).map(|_| Mutex::new(0)).collect()`.
pub(super) fn name(made: Place) -> Option<String> {
    SOURCES.with_borrow_mut(|sources| {
        let lines = sources
            .entry(made.file())
            .or_insert_with(|| source(made.file()).lines().map(str::to_owned).collect());
        let line = lines.get(made.line() as usize - 1)?;
        name_in(line, made.column() as usize - 1)
    })
}

/// The text of a source file. The compiler may have named it relative to the workspace, which this folder is in.
fn source(file: &str) -> String {
    let here = env::current_dir().unwrap_or_default();
    let texts = here.ancestors().map(|folder| fs::read_to_string(folder.join(file)));
    texts.flatten().next().unwrap_or_default()
}

/// The name that the line gives to what a call makes. The call begins at this column.
fn name_in(line: &str, call: usize) -> Option<String> {
    let before = line.get(..call)?;
    let before = before.trim_end_matches(|c: char| c.is_alphanumeric() || "_:".contains(c));
    let before = before.trim_end_matches(['&', ' ']);
    if let Some(field) = line.get(before.len()..).and_then(|_| before.strip_suffix(':')) {
        return identifier(field.rsplit(|c: char| !is_word(c)).next()?);
    }
    let (pattern, values) = before.split_once('=')?;
    let pattern = pattern.trim().strip_prefix("let ")?;
    let pattern = pattern.split(':').next()?.trim();
    let Some(names) = pattern.strip_prefix('(').and_then(|names| names.strip_suffix(')')) else {
        return identifier(pattern.strip_prefix("mut ").unwrap_or(pattern));
    };
    identifier(names.split(',').nth(last_position(values.trim().strip_prefix('(')?))?.trim())
}

/// The position, from 0, of the last value of a list whose end is cut off.
fn last_position(values: &str) -> usize {
    let mut depth = 0;
    let is_comma = |c: char| {
        depth += i32::from("([{".contains(c)) - i32::from(")]}".contains(c));
        c == ',' && depth == 0
    };
    values.matches(is_comma).count()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn identifier(text: &str) -> Option<String> {
    (!text.is_empty() && text.chars().all(is_word)).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_has_the_name_that_the_source_gives_it() {
        for (line, call, name) in [
            ("    let counter = &AtomicU32::new(0);", "AtomicU32", Some("counter")),
            ("    let mut lock = Mutex::new(0);", "Mutex", Some("lock")),
            ("    let (a, b) = (Mutex::new(()), Condvar::new());", "Mutex", Some("a")),
            ("    let (a, b) = (Mutex::new(()), Condvar::new());", "Condvar", Some("b")),
            ("        Self { a: Mutex::new(is_free), b: Condvar::new() }", "Mutex", Some("a")),
            ("        Self { a: Mutex::new(is_free), b: Condvar::new() }", "Condvar", Some("b")),
            ("    let (a, b) = (f(1, 2), AtomicBool::new(true));", "AtomicBool", Some("b")),
            (
                "    let forks: Vec<Fork> = (0..3).map(|_| Mutex::new(())).collect();",
                "Mutex",
                Some("forks"),
            ),
            ("    run(Mutex::new(0));", "Mutex", None),
            ("    Self(Mutex::new(0))", "Mutex", None),
        ] {
            let call = line.find(call).unwrap();
            assert_eq!(name_in(line, call).as_deref(), name, "{line}");
        }
    }
}
