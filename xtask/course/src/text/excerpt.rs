//! A scene's source as its chapter shows it: the function and the items that it needs.
//!
//! Reads source in rustfmt's layout: an item begins and ends with a line that starts in the first column.

use std::collections::BTreeSet;
use std::path::Path;

use crate::files::stem;

/// One item of a source file, with the comments and attributes in front of it.
struct Item<'a> {
    lines: Vec<&'a str>,
    /// Its name; none for `use` and for items without a name.
    name: Option<&'a str>,
    is_import: bool,
}

/// `function` of `source` with every item that it needs, in the file's order, without `use`, `mod` and `//!` lines;
/// none if the file has no such function. `main` and `others`, the functions of other scenes, stay out.
pub(crate) fn excerpt(source: &str, function: &str, others: &[&str]) -> Option<String> {
    let is_other = |name: &str| name != function && (name == "main" || others.contains(&name));
    let items: Vec<Item<'_>> = items(source)
        .into_iter()
        .filter(|item| !item.is_import && !item.name.is_some_and(is_other))
        .collect();
    if !items.iter().any(|item| item.name == Some(function)) {
        return None;
    }
    let mut needed = BTreeSet::from([function]);
    loop {
        let before = needed.len();
        let named: Vec<&str> = items
            .iter()
            .filter(|item| item.name.is_none_or(|name| needed.contains(name)))
            .flat_map(|item| item.lines.iter().flat_map(|line| words(code(line))))
            .collect();
        needed
            .extend(items.iter().filter_map(|item| item.name).filter(|name| named.contains(name)));
        if needed.len() == before {
            break;
        }
    }
    let kept = items.into_iter().filter(|item| item.name.is_none_or(|name| needed.contains(name)));
    let lines: Vec<&str> = kept.flat_map(|item| item.lines).collect();
    Some(lines.join("\n").trim().to_owned())
}

/// The functions of another file that `code` calls, by the name of their module: `lost_update::two_threads(1)`
/// calls one of `src/lost_update.rs`.
pub(crate) fn calls<'c>(code: &'c str, file: &Path) -> impl Iterator<Item = &'c str> {
    let module = format!("{}::", stem(file));
    let words = code.split(|c: char| c.is_whitespace() || c == '(');
    words.filter_map(move |word| word.strip_prefix(&*module))
}

/// The line on which `function` begins in `source`, from 1, and whether it has a doc comment.
pub fn documented(source: &str, function: &str) -> Option<(usize, bool)> {
    let mut line = 1;
    for item in items(source) {
        if item.name == Some(function) && !item.is_import {
            let head = item.lines.iter().position(|line| defines(line).is_some()).unwrap_or(0);
            return Some((line + head, item.lines.iter().any(|line| line.starts_with("///"))));
        }
        line += item.lines.len();
    }
    None
}

/// The file cut into items; together they hold every line.
fn items(source: &str) -> Vec<Item<'_>> {
    let mut items = Vec::new();
    let mut lines = Vec::new();
    let mut head = None;
    for line in source.lines() {
        lines.push(line);
        let leads = line.is_empty() || line.starts_with(['#', ')']) || line.starts_with("//");
        if head.is_none() && !leads && !line.starts_with(' ') {
            head = Some(line);
        }
        let code = code(line);
        let ends = head.is_some() && !line.starts_with(' ') && code.ends_with([';', '}']);
        if ends || line.starts_with("//!") {
            let head = head.take().unwrap_or(line);
            let visible =
                ["pub ", "pub(crate) "].iter().find_map(|public| head.strip_prefix(public));
            let visible = visible.unwrap_or(head);
            let is_module = visible.starts_with("mod ") && code.ends_with(';');
            let is_import = visible.starts_with("use ") || visible.starts_with("//!") || is_module;
            items.push(Item { lines: std::mem::take(&mut lines), name: defines(head), is_import });
        }
    }
    items
}

/// The name of the item that begins with this line; for an `impl`, the name of its type.
fn defines(head: &str) -> Option<&str> {
    const KEYWORDS: [&str; 9] =
        ["fn", "struct", "enum", "const", "static", "type", "trait", "mod", "impl"];
    const BEFORE: [&str; 6] = ["pub", "crate", "unsafe", "async", "extern", "mut"];
    let signature =
        head.split(['(', '{']).next().filter(|_| !head.starts_with("pub(")).unwrap_or(head);
    let mut words = words(head).filter(|word| !BEFORE.contains(word));
    let keyword = words.next().filter(|word| KEYWORDS.contains(word))?;
    if keyword != "impl" {
        return words.next();
    }
    let of = signature.rsplit_once(" for ").map_or(signature, |(_, of)| of);
    let of = of.strip_prefix("impl").unwrap_or(of);
    let of = if of.starts_with('<') { of.split_once('>').map_or(of, |(_, of)| of) } else { of };
    self::words(of).next()
}

/// The line without its comment.
fn code(line: &str) -> &str {
    line.split("//").next().unwrap_or(line).trim_end()
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIN: &str = "\
//! What?

mod other; // Another scene.
pub(crate) use other::Other;

use std::process::ExitCode;

use shared::{
    Result, lesson,
};

fn main() -> ExitCode {
    lesson::run(&[(\"map\", map), (\"second\", second)])
}

/// Squares keep their order.
fn map() -> Result<()> {
    println!(\"{:?}\", Worker::new(SIZE).second()); // Not only_for_second.
}

const SIZE: usize = 8;

/// Another claim.
pub fn second() -> Result<()> {
    only_for_second()
}

fn only_for_second() {}

#[derive(
    Debug,
)]
struct Worker(
    u32,
);

impl Drop for Worker {
    fn drop(&mut self) {}
}
";

    #[test]
    fn a_scene_in_main_comes_without_plumbing() {
        assert_eq!(
            excerpt(MAIN, "map", &["second"]).unwrap(),
            "/// Squares keep their order.\nfn map() -> Result<()> {\n    println!(\"{:?}\", Worker::new(SIZE).second()); // Not only_for_second.\n}\n\n\
             const SIZE: usize = 8;\n\n#[derive(\n    Debug,\n)]\nstruct Worker(\n    u32,\n);\n\n\
             impl Drop for Worker {\n    fn drop(&mut self) {}\n}"
        );
        assert_eq!(
            excerpt(MAIN, "second", &["map"]).unwrap(),
            "/// Another claim.\npub fn second() -> Result<()> {\n    only_for_second()\n}\n\nfn only_for_second() {}"
        );
        assert_eq!(excerpt(MAIN, "third", &[]), None);
    }

    #[test]
    fn a_doc_comment_is_found_with_its_line() {
        assert_eq!(documented(MAIN, "map"), Some((17, true)));
        assert_eq!(documented(MAIN, "only_for_second"), Some((28, false)));
        assert_eq!(documented(MAIN, "third"), None);
    }

    #[test]
    fn an_impl_belongs_to_its_type() {
        assert_eq!(defines("impl<T: Send> Pool<T> {"), Some("Pool"));
        assert_eq!(defines("impl fmt::Display for Account {"), Some("Account"));
        assert_eq!(defines("pub static mut COUNT: u32 = 0;"), Some("COUNT"));
        assert_eq!(defines("thread_local! {"), None);
    }
}
