//! The complete output of each command, in the files of this folder, as documentation.
//!
//! The files are for people: the review of a changed report shows what readers will see.
//! `SNAPSHOTS=overwrite cargo test -p xtask` writes them anew. Some are taken by tests of a command's behaviour, which
//! already have the course to show.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use assert_cmd::assert::OutputAssertExt;

use crate::course::{Course, SharedMemory, eventually, faults, runs, stdout};

#[test]
fn a_new_chapter() {
    let course = Course::new();
    course.screen("new", ["new", "screens", "What does a reader see?"]).success();
    course.screen("list", ["list"]).success();
    course.screen("list-markdown", ["list", "--markdown"]).success();
    course.screen("read-contents", ["read"]).success();
    course.screen("read", ["read", "screens"]).success();
    course.screen("read-answers", ["read", "screens/hand-over", "--answers"]).success();
    course.screen("tidy", ["tidy"]).success();
    course.screen("tidy-minutes", ["tidy", "--minutes"]).success();
    course.screen("show-refused", ["show", "screens/refused/join_twice"]).success();
    // A thorough check shows all orders, even on a slow machine.
    course.screen("check-chapter", ["check", "screens", "--thorough"]).success();
    course.screen("audit", ["audit"]).success();
}

#[test]
fn tidy_with_findings() {
    let course = Course::with("untidy");
    course.edit(
        "lessons/untidy/README.md",
        "every program that gives work away",
        "every program that just gives jobs away",
    );
    course.edit("lessons/untidy/README.md", "3 legal outputs", "4 legal outputs");
    course.edit(
        "lessons/untidy/src/main.rs",
        "/// The thread that joins",
        "// The thread that joins",
    );
    fs::remove_file(course.path("lessons/untidy/broken/hand-over.late-join.patch")).unwrap();
    course.write("tools/x", "");
    course.screen("tidy-findings", ["tidy"]).code(1);
}

#[test]
fn each_kind_of_failed_check() {
    let _reserved = SharedMemory::reserve();
    let course = faults();
    for (name, words) in [
        ("check-passed", &["faults/good", "faults/fails"][..]),
        ("check-order", &["faults/order"]),
        ("check-rule", &["faults/rule"]),
        ("check-stray", &["faults/stray"]),
        ("check-missing", &["faults/missing"]),
        ("check-hung", &["faults/hangs"]),
        ("check-left-behind-child", &["faults/zombie"]),
        ("check-left-behind-file", &["faults/file"]),
        ("check-left-behind-memory", &["faults/memory", "--runs", "1"]),
        ("check-left-behind-process", &["faults/escapes"]),
        ("check-exit-status", &["faults/panics"]),
        ("check-crashed", &["faults/crashes"]),
        ("check-too-much-output", &["faults/floods"]),
        ("check-not-text", &["faults/bytes"]),
        ("check-malformed", &["faults/malformed"]),
        ("check-refused", &["faults/refused"]),
        ("check-skipped", &["faults/skips"]),
        ("check-shake", &["faults/order", "--shake", "--seed", "7"]),
        ("check-json", &["faults/good", "faults/order", "faults/skips", "--format", "json"]),
    ] {
        course.screen(name, ["check"].iter().chain(words).copied());
    }
}

#[test]
fn other_commands_about_a_run() {
    let course = faults();
    course.screen("run", ["run", "faults/good"]).success();
    course.screen("run-panic", ["run", "faults/panics"]).code(1);
    course.screen("diff-accepted", ["diff", "faults/good"]).success();
    course.screen("diff-rejected", ["diff", "faults/order"]).code(1);
    course.screen("outcomes", ["outcomes", "faults/good", "--runs", "20"]).success();
}

#[test]
fn ctrl_c() {
    let course = faults();
    course.xtask(["check", "faults/good"]).success(); // builds
    // At this speed the deadline is far away.
    let words = ["check", "faults/hangs", "--speed", "1"];
    let mut command = course.command(words);
    let xtask = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    eventually("no scene runs", || runs("hangs"));
    Command::new("kill").args(["-INT", &xtask.id().to_string()]).assert().success();
    course.compare("check-ctrl-c", words, &xtask.wait_with_output().unwrap().assert());
}

#[test]
fn wrong_questions() {
    let course = Course::with("pool");
    for (name, words) in [
        ("wrong-command", &["chekc"][..]),
        ("wrong-chapter", &["check", "pol"]),
        ("wrong-scene", &["show", "pool/hand-ovr"]),
        ("wrong-scene-alone", &["audit", "hand-over"]),
        ("wrong-scene-unlike-any", &["diff", "pool/xyz"]),
        ("wrong-flaw", &["break", "pool/hand-over", "late-jion"]),
        ("wrong-number", &["check", "--runs", "0"]),
        ("wrong-operation", &["bench", "lok"]),
        ("wrong-restore", &["restore", "pool"]),
        ("wrong-new", &["new", "5-pool", "Why?"]),
    ] {
        course.screen(name, words.iter().copied()).code(2);
    }
}

#[test]
fn help() {
    let course = Course::new();
    let all = stdout(&course.screen("help", ["--help"]).success());
    let commands = all.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands = commands.take_while(|line| !line.is_empty());
    // A description may go on in the next line.
    let names = commands.filter(|line| !line.starts_with("   "));
    let commands = names.filter_map(|line| line.split_whitespace().next());
    let commands: Vec<&str> = commands.filter(|command| *command != "help").collect();
    assert!(commands.len() >= 15, "{commands:?}");
    for command in &commands {
        course.screen(&format!("help/{command}"), [*command, "--help"]).success();
    }
    let expected = commands.iter().map(|command| format!("{command}.txt")).collect();
    assert_eq!(files("screens/help", "txt"), expected, "screens of commands that are gone");
}

#[test]
fn help_fits_the_terminal() {
    for columns in [60, 80, 200] {
        let shown = Course::new().on_terminal(columns, &[], ["replay", "--help"]);
        let rows = shown.lines().filter(|row| !row.contains("Usage:"));
        let widest = rows.map(console::measure_text_width).max().unwrap();
        let room = usize::from(columns.min(100));
        assert!(widest <= room && widest > room * 3 / 4, "{widest}: {shown}");
    }
}

#[test]
fn every_screen_is_taken_by_a_test() {
    let folders = ["desk", "runner", "screens"];
    let sources = folders.iter().flat_map(|folder| {
        let files = files(folder, "rs").into_iter();
        files.map(move |file| fs::read_to_string(tests().join(folder).join(file)).unwrap())
    });
    // Without white space, since lines may end anywhere: each name is the first argument of a call, or the first in a
    // row of a table.
    let sources: String = sources.collect::<String>().split_whitespace().collect();
    let screens = files("screens", "txt").into_iter();
    let forgotten: Vec<String> = screens
        .filter(|file| !sources.contains(&format!("(\"{}\",", file.trim_end_matches(".txt"))))
        .collect();
    assert_eq!(forgotten, Vec::<String>::new(), "no test takes these: remove them");
}

fn tests() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests"))
}

/// The names of the files with that extension in a folder of the tests.
fn files(folder: &str, extension: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(tests().join(folder)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.ends_with(&format!(".{extension}"))).collect()
}
