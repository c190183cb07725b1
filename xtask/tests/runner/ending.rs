//! However a check ends, nothing is left of it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::course::{Course, course, eventually, text};

#[test]
fn ctrl_c_leaves_nothing() {
    let course = course();
    course.run(&["check", "faults/good"]); // builds
    let mut xtask = course
        .xtask(&["check", "faults/hangs", "--runs", "100"])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    eventually("no scene runs", || course.runs("hangs"));
    let start = Instant::now();
    kill("-INT", xtask.id());
    assert_eq!(xtask.wait().unwrap().code(), Some(130));
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    assert_eq!(course.left(), []);
}

#[test]
fn a_killed_xtask_leaves_nothing() {
    let course = course();
    course.run(&["check", "faults/good"]);
    let mut xtask = course.xtask(&["check", "faults/hangs"]).stdout(Stdio::null()).spawn().unwrap();
    eventually("no scene runs", || course.runs("hangs"));
    let temporary = temporary_folders(&course);
    assert!(!temporary.is_empty());
    kill("-KILL", xtask.id());
    xtask.wait().unwrap();
    eventually("processes are left", || course.left().is_empty());
    assert!(temporary.iter().all(|folder| !Path::new(folder).exists()));
}

#[test]
fn a_killed_supervisor_leaves_nothing() {
    let course = course();
    course.run(&["check", "faults/good"]);
    let xtask = course
        .xtask(&["check", "faults/hangs"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let supervisor =
        || course.left().into_iter().find(|(_, command)| command.contains("supervise"));
    eventually("no scene runs", || supervisor().is_some() && course.runs("hangs"));
    let temporary = temporary_folders(&course);
    kill("-KILL", supervisor().unwrap().0 as u32);
    let output = xtask.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("the supervisor died"), "{}", text(&output.stderr));
    assert_eq!(course.left(), []);
    assert!(temporary.iter().all(|folder| !Path::new(folder).exists()));
}

/// The TMPDIR of each scene that runs.
fn temporary_folders(course: &Course) -> Vec<String> {
    let mut folders = Vec::new();
    for (pid, _) in course.left() {
        let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        let variables = BufReader::new(&environment[..]).split(0).map_while(Result::ok);
        let scene = variables
            .filter_map(|variable| {
                String::from_utf8(variable).ok()?.strip_prefix("TMPDIR=").map(str::to_owned)
            })
            .filter(|folder| folder.contains("scene-"));
        folders.extend(scene);
    }
    folders
}

fn kill(signal: &str, pid: u32) {
    assert!(Command::new("kill").args([signal, &pid.to_string()]).status().unwrap().success());
}
