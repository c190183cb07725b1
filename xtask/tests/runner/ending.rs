//! However a check ends, it leaves nothing behind.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::course::{eventually, faults, holds, left, runs};

#[test]
fn ctrl_c_ends_the_scenes_at_once_and_leaves_nothing() {
    let course = faults();
    course.xtask(["check", "faults/good"]).success(); // builds
    // At this speed, and disturbed, the deadline is minutes away.
    let words = ["check", "faults/hangs", "--speed", "1", "--shake", "--seed", "7"];
    let mut command = course.command(words);
    let mut xtask = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    eventually("no scene runs", || runs("hangs"));
    let temporary = temporary_folders();
    kill("-INT", xtask.id());
    eventually("xtask waits for the deadline", || xtask.try_wait().unwrap().is_some());
    assert_eq!(xtask.wait().unwrap().code(), Some(130));
    assert_eq!(left(), []);
    assert_gone(&temporary);
}

#[test]
fn a_killed_xtask_leaves_nothing() {
    let course = faults();
    course.xtask(["check", "faults/good"]).success(); // builds
    let mut xtask =
        course.command(["check", "faults/hangs"]).stdout(Stdio::null()).spawn().unwrap();
    eventually("no scene runs", || runs("hangs"));
    let temporary = temporary_folders();
    kill("-KILL", xtask.id());
    xtask.wait().unwrap();
    eventually("processes are left", || left().is_empty());
    assert_gone(&temporary);
}

#[test]
fn a_killed_supervisor_leaves_nothing() {
    let course = faults();
    course.xtask(["check", "faults/good"]).success(); // builds
    let xtask = course
        .command(["check", "faults/hangs", "--runs", "1"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let supervisor = || left().into_iter().find(|(_, command)| command.contains("supervise"));
    eventually("no scene runs", || supervisor().is_some() && runs("hangs"));
    let temporary = temporary_folders();
    kill("-KILL", supervisor().unwrap().0 as u32);
    let output = xtask.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    holds(&String::from_utf8_lossy(&output.stdout), "UNSUPERVISED");
    assert_eq!(left(), []);
    assert_gone(&temporary);
}

#[track_caller]
fn assert_gone(folders: &[String]) {
    let left: Vec<&String> = folders.iter().filter(|folder| Path::new(folder).exists()).collect();
    assert_eq!(left, Vec::<&String>::new());
}

/// The TMPDIR of each running scene: at least one.
fn temporary_folders() -> Vec<String> {
    let mut folders = Vec::new();
    for (pid, _) in left() {
        let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        let variables = BufReader::new(&environment[..]).split(0).map_while(Result::ok);
        let scene = variables
            .filter_map(|variable| {
                String::from_utf8(variable).ok()?.strip_prefix("TMPDIR=").map(str::to_owned)
            })
            .filter(|folder| folder.contains("runner-"));
        folders.extend(scene);
    }
    assert!(!folders.is_empty(), "no scene has a temporary folder");
    folders
}

pub(super) fn kill(signal: &str, pid: u32) {
    assert!(Command::new("kill").args([signal, &pid.to_string()]).status().unwrap().success());
}
