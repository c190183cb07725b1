//! Each kind of fault is reported correctly, for people and for programs.

use std::collections::BTreeMap;
use std::fs;
use std::process::Stdio;

use serde_json::Value;

use crate::course::{
    REFUSED, SCENES, Scene, SharedMemory, eventually, faults, holds, left, runs, stderr, stdout,
};

#[test]
fn every_fault_is_called_what_it_is() {
    let memory = SharedMemory::reserve();
    let course = faults();
    let json = stdout(&course.xtask(["check", "--format", "json", "--runs", "1"]).code(1));
    let lines: Vec<Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (summary, entries) = lines.split_last().unwrap();
    let entries: BTreeMap<&str, &Value> =
        entries.iter().map(|entry| (entry["name"].as_str().unwrap(), entry)).collect();
    assert_eq!(entries.len(), SCENES.len() + REFUSED.len());

    for Scene { name, cause, .. } in SCENES {
        let entry = entries[format!("faults/{name}").as_str()];
        let said = match entry["outcome"].as_str().unwrap() {
            "failed" => &entry["cause"],
            _ => &entry["outcome"],
        };
        assert_eq!(said, cause, "{name}: {entry}");
    }
    let message = |name: &str| entries[name]["message"].as_str().unwrap().to_owned();
    for (scene, word) in
        [("order", "ORDER"), ("rule", "RULE"), ("stray", "STRAY"), ("missing", "MISSING")]
    {
        let message = message(&format!("faults/{scene}"));
        assert!(message.starts_with(word), "{message}");
    }
    holds(&message("faults/crashes"), "SIGABRT");
    holds(&message("faults/bytes"), "output line 1 holds the byte 0xff");
    holds(&message("faults/kills"), "was still running: lesson-faults kills");
    holds(&message("faults/escapes"), "sleep 100");
    holds(&message("faults/daemon"), "sleep 100");
    holds(&message("faults/zombie"), "never waited for");
    holds(&message("faults/file"), "x in the temporary folder");
    holds(&message("faults/memory"), &memory.path().display().to_string());
    holds(entries["faults/panics"]["stderr"].as_str().unwrap(), "boom");
    assert_eq!(entries["faults/skips"]["cause"], "no moon");
    assert_eq!(entries["faults/good"]["seen"], 1);

    for (name, _, said) in REFUSED {
        let name = format!("faults/refused/{name}");
        match *said {
            "passed" => assert_eq!(entries[name.as_str()]["outcome"], "passed"),
            said => holds(&message(&name), said),
        }
    }
    let sums = ["passed", "failed", "skipped"].map(|key| summary[key].as_u64().unwrap());
    assert_eq!(sums, [5, 23, 1]);

    assert_eq!(left(), []);
    assert!(memory.path().exists(), "nobody can prove whose it is, so it is not removed");
}

#[test]
fn what_others_leave_in_shared_memory_is_theirs() {
    let memory = SharedMemory::reserve();
    let course = faults();
    course.xtask(["check", "faults/good"]).success(); // builds
    let mut command = course.command(["check", "faults/slow", "--runs", "1"]);
    let xtask = command.stdout(Stdio::piped()).spawn().unwrap();
    eventually("no scene runs", || runs("slow"));
    fs::write(memory.path(), "").unwrap();
    let output = xtask.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn what_a_scene_leaves_beside_others_is_its_own() {
    let memory = SharedMemory::reserve();
    let course = faults();
    course.xtask(["check", "faults/good"]).success(); // builds
    let mut command = course.command(["check", "faults/hoards", "--runs", "1"]);
    let xtask = command.stdout(Stdio::piped()).spawn().unwrap();
    eventually("no scene runs", || runs("hoards"));
    fs::write(memory.path(), "").unwrap();
    let output = xtask.wait_with_output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    holds(&told, &memory.hoard().display().to_string());
    assert!(!told.contains(&memory.path().display().to_string()), "{told}");
}

#[test]
fn no_scene_commands_the_terminal() {
    let course = faults();
    let check = course.xtask(["check", "faults/codes", "--runs", "1"]).code(1);
    let told = stdout(&check) + &stderr(&check);
    for part in ["file in the working directory", "name 100", "stderr", "stdout"] {
        holds(&told, &format!(r"\u{{1b}}[2J{part}"));
    }
    assert!(!told.contains(|c: char| c.is_control() && c != '\n'), "{told:?}");
}

#[test]
fn of_a_failed_scene_the_command_that_repeats_it_is_told() {
    let course = faults();
    let told = stdout(&course.xtask(["check", "faults/order", "faults/good"]).code(1));
    let (_, again) = told.split_once("again: cargo xtask ").unwrap();
    let again: Vec<&str> = again.lines().next().unwrap().split(' ').collect();
    assert_eq!(again, ["check", "faults/order", "--runs", "10"]);
    holds(&stdout(&course.xtask(again).code(1)), "FAILED  faults/order  in run 1\n");
}

#[test]
fn a_shaken_check_tells_its_seed_and_repeats_with_it() {
    let course = faults();
    let drawn = course.xtask(["check", "faults/order", "--shake"]).code(1);
    let said = stderr(&drawn);
    let (_, seed) = said.split_once("--seed ").unwrap();
    let (seed, _) = seed.split_once(' ').unwrap();
    assert!(seed.parse::<u64>().is_ok(), "{seed}");
    let told = stdout(&drawn);
    let (_, again) = told.split_once("again: cargo xtask ").unwrap();
    let again: Vec<&str> = again.lines().next().unwrap().split(' ').collect();
    assert_eq!(again, ["check", "faults/order", "--shake", "--seed", seed, "--runs", "10"]);
    assert_eq!(stderr(&course.xtask(again).code(1)), said);
}

#[test]
fn of_a_shaken_run_times_are_not_judged() {
    let course = faults();
    holds(
        &stdout(&course.xtask(["check", "faults/late", "--shake"]).success()),
        "1 passed, 0 failed",
    );
}
