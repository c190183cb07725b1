//! The files that are explored: every schedule of their threads is played, with another std in place of std.
//!
//! Reads tokens, not a syntax tree: whether a name is allowed depends on nothing but the name.

use std::iter;
use std::slice::Iter;

use course::files::read;
use course::{Chapter, Explored};

use super::finding::{Findings, line_where};
use super::tokens::{Token, is_word, tokens};
use crate::exit::Result;

/// The types that a size can have.
const INTEGERS: [&str; 12] =
    ["u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize"];
/// The other types with a lower-case name, which may begin a path too.
const PRIMITIVES: [&str; 5] = ["bool", "char", "f32", "f64", "str"];

pub(crate) fn check(findings: &mut Findings<'_>, chapter: &Chapter) -> Result<()> {
    for file in &chapter.explored {
        if file.is_file() {
            for (line, what) in wrong(&read(file)?) {
                findings.add(file, line, what);
            }
            continue;
        }
        let manifest = chapter.folder.join("Cargo.toml");
        let name = file.strip_prefix(&chapter.folder).unwrap_or(file).display().to_string();
        let line = line_where(&read(&manifest)?, |line| line.contains(&name));
        let what = format_args!(
            "explored names {name}, which does not exist: write the file, or remove it from the list"
        );
        findings.add(&manifest, line, what);
    }
    // Scenes that cannot be read have findings of their own.
    for scene in chapter.scenes().unwrap_or_default() {
        let Ok(Some(explored)) = Explored::of(chapter, &scene) else { continue };
        if let Err(error) = explored.sizes(&scene.options, &[]) {
            findings.add(&explored.file, 1, error);
        }
    }
    Ok(())
}

/// What keeps this source from being explored, and on which line.
fn wrong(source: &str) -> Vec<(usize, String)> {
    let tokens = tokens(source);
    let imports = imports(&tokens);
    let names: Vec<&str> = imports.iter().map(|import| import.name).collect();
    let mut wrong = Vec::new();
    for path in imports.iter().map(|import| &import.path).chain(&paths(&tokens, &names)) {
        if !is_explored(&path.parts) {
            let path_text = path.parts.join("::");
            let what = format!(
                "`{path_text}` cannot be explored: name only std::thread, std::sync and shared::Result"
            );
            wrong.push((path.line, what));
        }
    }
    for (line, word) in &tokens {
        let reason = match *word {
            "static" | "thread_local" => {
                "it would keep its value from one schedule to the next: use a local"
            }
            "sleep" | "sleep_ms" | "spin_loop" | "yield_now" | "Instant" => {
                "a schedule has no time: let threads wait for each other"
            }
            _ => continue,
        };
        wrong.push((*line, format!("`{word}` cannot be explored, because {reason}")));
    }
    wrong.extend(entry(&tokens));
    wrong
}

/// Whether a file that is explored may name this.
fn is_explored(path: &[&str]) -> bool {
    matches!(path, ["shared", "Result"] | ["std", "thread" | "sync", ..])
}

/// Checks that there is one function to call, and that its arguments are sizes.
fn entry(tokens: &[Token<'_>]) -> Option<(usize, String)> {
    let mut depth = 0;
    let mut functions = Vec::new();
    for (at, (_, word)) in tokens.iter().enumerate() {
        match *word {
            "{" => depth += 1,
            "}" => depth -= 1,
            "fn" if depth == 0 && is_visible(&tokens[..at]) => functions.push(at + 1),
            _ => {}
        }
    }
    let function = match functions[..] {
        [] => return Some((1, "no function to explore: make one `pub(crate)`".to_owned())),
        [function] => function,
        [_, second, ..] => {
            let names: Vec<&str> = functions.iter().map(|function| tokens[*function].1).collect();
            let what = format!(
                "{} are visible to other files: only the function to explore may be",
                names.join(", ")
            );
            return Some((tokens[second].0, what));
        }
    };
    let signature = tokens[function..].iter().map(|(_, word)| *word);
    let arguments: Vec<&str> = signature
        .skip(1)
        .skip_while(|word| *word != "(")
        .skip(1)
        .take_while(|word| *word != ")")
        .collect();
    let is_size = |argument: &[&str]| match argument {
        [] => true,
        [_, ":", of] => INTEGERS.contains(of),
        _ => false,
    };
    let fault = arguments.split(|word| *word == ",").find(|argument| !is_size(argument))?;
    let (line, name) = tokens[function];
    let what = format!(
        "`{name}` takes `{}`: the arguments of an explored function are sizes, such as `rounds: u32`",
        fault.join(" ")
    );
    Some((line, what))
}

/// Whether the tokens in front of a `fn` make it visible to other files.
fn is_visible(before: &[Token<'_>]) -> bool {
    let modifiers = ["const", "async", "unsafe"];
    let mut before =
        before.iter().rev().map(|(_, word)| *word).skip_while(|word| modifiers.contains(word));
    match before.next() {
        Some("pub") => true,
        Some(")") => before.find(|word| *word == "(").is_some() && before.next() == Some("pub"),
        _ => false,
    }
}

/// A path as it is written, and its line.
struct Path<'a> {
    line: usize,
    parts: Vec<&'a str>,
}

/// One name that a `use` brings into the file.
struct Import<'a> {
    path: Path<'a>,
    name: &'a str,
}

fn imports<'a>(tokens: &[Token<'a>]) -> Vec<Import<'a>> {
    let mut imports = Vec::new();
    for at in (0..tokens.len()).filter(|at| tokens[*at].1 == "use") {
        import(&mut tokens[at + 1..].iter(), &[], &mut imports);
    }
    imports
}

/// Reads `a::{b, c::d as e}`, up to the comma, brace or semicolon behind it, which it returns.
fn import<'a>(
    tokens: &mut Iter<'_, Token<'a>>,
    prefix: &[&'a str],
    imports: &mut Vec<Import<'a>>,
) -> Option<&'a str> {
    let mut parts = prefix.to_vec();
    let mut name = None;
    let mut is_group = false;
    while let Some((line, word)) = tokens.next() {
        match *word {
            "::" => {}
            "as" => name = tokens.next().map(|(_, name)| *name),
            "{" => {
                is_group = true;
                while import(tokens, &parts, imports) == Some(",") {}
            }
            "," | "}" | ";" => {
                let last = parts.iter().rfind(|part| **part != "self").copied();
                if let Some(name) = name.or(last)
                    && !is_group
                    && parts.len() > prefix.len()
                {
                    imports.push(Import { path: Path { line: *line, parts }, name });
                }
                return Some(word);
            }
            part => parts.push(part),
        }
    }
    None
}

/// The paths outside of `use` that begin neither with a type nor with an imported name.
fn paths<'a>(tokens: &[Token<'a>], names: &[&str]) -> Vec<Path<'a>> {
    let begins_with_name = |path: &[&str]| {
        path[0].starts_with(char::is_uppercase)
            || [names, &INTEGERS, &PRIMITIVES].iter().any(|known| known.contains(&path[0]))
    };
    let mut paths = Vec::new();
    let mut at = 0;
    while let Some(&(line, first)) = tokens.get(at) {
        if first == "use" {
            at += tokens[at..].iter().take_while(|(_, word)| *word != ";").count();
            continue;
        }
        let rest = tokens[at + 1..].chunks_exact(2).map_while(|pair| match pair {
            [(_, "::"), (_, part)] if is_word(first) && is_word(part) => Some(*part),
            _ => None,
        });
        let parts: Vec<&str> = iter::once(first).chain(rest).collect();
        at += 2 * parts.len() - 1;
        if parts.len() > 1 && !begins_with_name(&parts) {
            paths.push(Path { line, parts });
        }
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r##"//! A static counter? std::process, sleep and crate::clock are only words here: it's fine.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, mpsc::{self, Sender as Source}};
use std::thread::{self, Builder};

use shared::Result;

/* static */
pub(crate) fn two_threads(rounds: u32, size: usize) -> Result<()> {
    let text: &'static str = "static \" sleep"; // sleep
    let raw = r#"thread_local! " std::time"#;
    let (quote, tick, n) = ('"', '\'', u32::from_str_radix("1", 2));
    let counter = AtomicU32::new(0);
    let (source, _) = mpsc::channel::<std::sync::Arc<u32>>();
    Builder::new().name("a".to_owned());
    thread::scope(|scope| scope.spawn(|| add(&counter, "1".parse::<u32>())));
    println!("{text}{raw}{quote}{tick}{rounds}{size}");
    Ok(())
}

struct Semaphore<'a>(&'a Mutex<u32>, Vec::<Source<u32>>);

impl<'a> Semaphore<'a> {
    pub(crate) fn of(lock: &'a Mutex<u32>) -> Self {
        Self::new(lock)
    }
}

fn add(counter: &AtomicU32, text: Result<u32>) {
    counter.store(counter.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
}
"##;

    #[test]
    fn what_can_be_explored_is_not_found() {
        assert_eq!(wrong(GOOD), []);
    }

    /// Changes one thing in the good source, and expects one finding, on this line.
    #[test]
    fn what_cannot_be_explored_is_found() {
        let only = "cannot be explored: name only std::thread, std::sync and shared::Result";
        let kept = "cannot be explored, because it would keep its value from one schedule to the next: use a local";
        let timeless =
            "cannot be explored, because a schedule has no time: let threads wait for each other";
        let others = "are visible to other files: only the function to explore may be";
        let sizes = "the arguments of an explored function are sizes, such as `rounds: u32`";
        let cases = [
            ("shared::Result;", "shared::{Result, lesson};", 7, format!("`shared::lesson` {only}")),
            ("shared::Result;", "shared::*;", 7, format!("`shared::*` {only}")),
            ("shared::Result;", "crate::mutex as two;", 7, format!("`crate::mutex` {only}")),
            (
                "std::thread::{self, Builder}",
                "std::{fmt, thread::{self, Builder}}",
                5,
                format!("`std::fmt` {only}"),
            ),
            ("Ok(())", "std::fmt::Result::Ok(())", 19, format!("`std::fmt::Result::Ok` {only}")),
            ("Ok(())", "lesson::option(\"n\")", 19, format!("`lesson::option` {only}")),
            ("Ok(())", "::core::mem::drop(1)", 19, format!("`core::mem::drop` {only}")),
            ("/* static */", "static N: u32 = 1;", 9, format!("`static` {kept}")),
            ("/* static */", "thread_local! {}", 9, format!("`thread_local` {kept}")),
            ("Ok(())", "thread::sleep(n)", 19, format!("`sleep` {timeless}")),
            ("Ok(())", "thread::sleep_ms(n)", 19, format!("`sleep_ms` {timeless}")),
            ("Ok(())", "thread::yield_now()", 19, format!("`yield_now` {timeless}")),
            ("Ok(())", "spin_loop()", 19, format!("`spin_loop` {timeless}")),
            ("Ok(())", "Instant::now()", 19, format!("`Instant` {timeless}")),
            (
                "pub(crate) fn two",
                "fn two",
                1,
                "no function to explore: make one `pub(crate)`".to_owned(),
            ),
            ("fn add(", "pub fn add(", 30, format!("two_threads, add {others}")),
            (
                "fn add(",
                "pub(super) const unsafe fn add(",
                30,
                format!("two_threads, add {others}"),
            ),
            (
                "rounds: u32, ",
                "rounds: &u32, ",
                10,
                format!("`two_threads` takes `rounds : & u32`: {sizes}"),
            ),
            (
                "rounds: u32, ",
                "name: String, ",
                10,
                format!("`two_threads` takes `name : String`: {sizes}"),
            ),
        ];
        for (old, new, line, what) in cases {
            assert!(GOOD.contains(old), "{old}");
            assert_eq!(wrong(&GOOD.replacen(old, new, 1)), [(line, what)], "{new}");
        }
    }
}
