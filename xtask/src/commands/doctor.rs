//! `doctor`: what this machine lacks for each chapter, and how to get it.

use std::env;
use std::fs;
use std::process::Command;

use course::Course;
use course::files::read_toml;
use toml_edit::Item;

use crate::exit::{Answer, Error, Result};
use crate::terminal::{BAD, GOOD, NOTE, paint, println};

/// The oldest kernel whose waitid takes a pidfd; see waitid(2).
const KERNEL: [u32; 2] = [5, 4];

/// Something a chapter can need; `lack` says what is missing and how to get it.
struct Need {
    name: &'static str,
    lack: fn() -> Option<String>,
}

/// What `needs` in a chapter's Cargo.toml may name.
const NEEDS: [Need; 3] = [
    Need { name: "linux", lack: linux },
    Need { name: "nslookup", lack: || program("nslookup", "apt-get install bind9-dnsutils") },
    Need { name: "sh", lack: || program("sh", "apt-get install dash") },
];

pub(crate) fn doctor() -> Result {
    let course = Course::find()?;
    let mut lacking = 0;
    let mut report = |name: &str, lacks: Vec<String>| {
        lacking += usize::from(!lacks.is_empty());
        match &lacks[..] {
            [] => println(format_args!("{name}: {}", paint(GOOD, "ready"))),
            lacks => println(format_args!("{name}: {}: {}", paint(BAD, "lacks"), lacks.join("; "))),
        }
    };
    report("tools", tools(&course)?)?;
    // Nothing fails without it: scenes are then checked by free runs alone.
    let director = runner::Refusal::here();
    let director = director.map_or(paint(GOOD, "ready"), |why| paint(NOTE, format!("none: {why}")));
    println(format_args!("director: {director}"))?;
    for chapter in &course.chapters {
        let mut lacks = Vec::new();
        for name in &chapter.needs {
            let need = NEEDS.iter().find(|need| need.name == name);
            let need = need.ok_or_else(|| {
                course::Error::unknown("need", name, NEEDS.iter().map(|need| need.name))
            })?;
            lacks.extend((need.lack)());
        }
        report(&chapter.name, lacks)?;
    }
    Ok(Answer::from_failures(lacking))
}

/// The tools that build and check every chapter.
fn tools(course: &Course) -> Result<Vec<String>> {
    let manifest = read_toml(&course.root.join("Cargo.toml"))?;
    let wanted =
        manifest["workspace"].get("package").and_then(|package| package.get("rust-version"));
    let wanted = wanted.and_then(Item::as_str).ok_or_else(|| {
        Error::Question("Cargo.toml: [workspace.package] names no rust-version".to_owned())
    })?;
    let mut lacks = Vec::new();
    let found = version_of("rustc");
    if found.as_deref().and_then(version).is_none_or(|found| Some(found) < version(wanted)) {
        let found = found.unwrap_or("none".to_owned());
        lacks.push(format!("Rust {wanted} or newer (found {found}): rustup update stable"));
    }
    for (tool, component) in [("cargo-fmt", "rustfmt"), ("cargo-clippy", "clippy")] {
        if version_of(tool).is_none() {
            lacks.push(format!("{component}: rustup component add {component}"));
        }
    }
    lacks.extend(program("git", "apt-get install git"));
    Ok(lacks)
}

fn linux() -> Option<String> {
    let Ok(release) = fs::read_to_string("/proc/sys/kernel/osrelease") else {
        return Some(
            "Linux with /proc: use a Linux machine, a virtual one or a container".to_owned(),
        );
    };
    if version(&release).is_none_or(|found| found < KERNEL) {
        let [major, minor] = KERNEL;
        return Some(format!(
            "Linux {major}.{minor} or newer (found {}): update the kernel",
            release.trim()
        ));
    }
    if !fs::metadata("/dev/shm").is_ok_and(|shared| shared.is_dir()) {
        return Some("/dev/shm: mount -t tmpfs tmpfs /dev/shm".to_owned());
    }
    None
}

fn program(name: &str, remedy: &str) -> Option<String> {
    let path = env::var_os("PATH").unwrap_or_default();
    let is_there = env::split_paths(&path).any(|folder| folder.join(name).is_file());
    (!is_there).then(|| format!("{name}: {remedy}"))
}

/// The output of a program for `--version`.
fn version_of(program: &str) -> Option<String> {
    let output = Command::new(program).arg("--version").output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The first `major.minor` in a text such as `rustc 1.95.0 (59807616e 2026-04-14)`.
fn version(text: &str) -> Option<[u32; 2]> {
    let word =
        text.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    let mut numbers = word.split(|c: char| !c.is_ascii_digit()).map(str::parse);
    Some([numbers.next()?.ok()?, numbers.next()?.ok()?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        assert_eq!(version("rustc 1.95.0 (59807616e 2026-04-14)"), Some([1, 95]));
        assert_eq!(version("6.18.5-cloud\n"), Some([6, 18]));
        assert!(version("5.10.0") > version("5.4"));
        assert_eq!(version("unknown"), None);
    }

    #[test]
    fn a_missing_program_comes_with_its_remedy() {
        assert_eq!(
            program("no-such-program", "install it"),
            Some("no-such-program: install it".to_owned())
        );
        assert_eq!(program("sh", ""), None);
    }
}
