//! Each fault is reported as what it is, to people and to programs.

use std::collections::BTreeMap;
use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::course::{SCENES, SHARED_MEMORY, Scene, course, eventually, text};

#[test]
fn every_fault_is_called_what_it_is() {
    let _alone = SHARED_MEMORY.write();
    let course = course();
    let start = Instant::now();
    let output = course.run(&["check", "--format", "json", "--runs", "1"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    // Building takes a while on a slow machine; the scenes: one deadline.
    assert!(start.elapsed() < Duration::from_secs(60));
    let lines: Vec<Value> =
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (summary, entries) = lines.split_last().unwrap();
    let entries: BTreeMap<&str, &Value> =
        entries.iter().map(|entry| (entry["name"].as_str().unwrap(), entry)).collect();

    for Scene { name, cause, .. } in SCENES {
        let entry = entries[format!("faults/{name}").as_str()];
        let said = match entry["outcome"].as_str().unwrap() {
            "failed" => &entry["cause"],
            _ => &entry["outcome"],
        };
        assert_eq!(said, cause, "{name}: {entry}");
    }
    let message = |name: &str| entries[name]["message"].as_str().unwrap().to_owned();
    assert!(message("faults/order").starts_with("ORDER"), "{}", message("faults/order"));
    assert!(message("faults/crashes").contains("SIGABRT"));
    assert!(message("faults/bytes").contains("output line 1 holds the byte 0xff"));
    assert!(message("faults/escapes").contains("sleep 100"));
    assert!(message("faults/zombie").contains("never waited for"));
    assert!(message("faults/file").contains("x in the temporary folder"));
    assert!(message("faults/memory").contains("/dev/shm/xtask-"));
    assert!(entries["faults/panics"]["stderr"].as_str().unwrap().contains("boom"));
    assert_eq!(entries["faults/skips"]["cause"], "no moon");
    assert_eq!(entries["faults/good"]["seen"], 1);

    assert_eq!(entries["faults/refused/moved"]["outcome"], "passed");
    assert!(message("faults/refused/fine").contains("it compiles"));
    assert!(message("faults/refused/other").contains("fails with E0308"));
    let sums = ["passed", "failed", "skipped"].map(|key| summary[key].as_u64().unwrap());
    assert_eq!(sums, [4, 14, 1]);

    assert_eq!(course.left(), []);
    // Nobody can prove whose it is, so it is not removed.
    fs::remove_file(course.shared_memory()).unwrap();
}

#[test]
fn what_others_leave_in_shared_memory_is_theirs() {
    let _alone = SHARED_MEMORY.write();
    let course = course();
    course.run(&["check", "faults/good"]); // builds
    let xtask = course
        .xtask(&["check", "faults/slow", "--runs", "1"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    eventually("no scene runs", || course.runs("slow"));
    fs::write(course.shared_memory(), "").unwrap();
    let output = xtask.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    fs::remove_file(course.shared_memory()).unwrap();
}

#[test]
fn a_person_reads_what_happened_and_how_to_see_it_again() {
    let output = course().run(&["check", "faults/order", "faults/good"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let output = text(&output.stdout);
    for part in [
        "passed  faults/good   seen the one legal output",
        "FAILED  faults/order  in run 1",
        "ORDER",
        "    a\n",
        "1 two",
        "again: cargo xtask check faults/order --runs 10",
        "failed: faults/order",
        "1 passed, 1 failed in ",
    ] {
        assert!(output.contains(part), "no `{part}` in\n{output}");
    }
    assert!(!output.contains('\u{1b}'), "colours in a pipe");
}

#[test]
fn shaking_repeats_with_its_seed() {
    let output = course().run(&["check", "faults/good", "faults/order", "--shake", "--seed", "7"]);
    assert!(text(&output.stderr).contains("--seed 7"));
    assert!(text(&output.stdout).contains("faults/order --shake --seed 7"));
    assert!(text(&output.stdout).contains("1 passed, 1 failed"));
}

#[test]
fn of_a_shaken_run_times_are_not_judged() {
    let output = course().run(&["check", "faults/late", "--shake"]);
    assert!(text(&output.stdout).contains("1 passed, 0 failed"), "{}", text(&output.stdout));
}

#[test]
fn shards_share_the_work() {
    let _alone = SHARED_MEMORY.write();
    let course = course();
    let names = |shard| {
        let output = course.run(&["check", "--runs", "1", "--format", "json", "--shard", shard]);
        text(&output.stdout).matches("\"name\"").count()
    };
    let count = SCENES.len() + 3;
    assert_eq!(names("1/2") + names("2/2"), count);
    fs::remove_file(course.shared_memory()).unwrap();
}

#[test]
fn a_wrong_question_ends_with_2() {
    let course = course();
    for (arguments, advice) in [
        (["check", "fautls"], "did you mean `faults`?"),
        (["check", "faults/godo"], "did you mean `good`?"),
        (["check", "--runs=0"], "--runs"),
        (["diff", "faults/godo"], "did you mean `good`?"),
    ] {
        let output = course.run(&arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains(advice), "{}", text(&output.stderr));
    }
}

#[test]
fn diff_draws_one_run() {
    let output = course().run(&["diff", "faults/order"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let output = text(&output.stdout);
    assert!(output.contains("lesson-faults order rejected"), "{output}");
    assert!(output.contains("▶ ") && output.contains("ORDER"), "{output}");
}

#[test]
fn outcomes_are_counted() {
    let output = course().run(&["outcomes", "faults/good", "--runs", "20"]);
    assert_eq!(output.status.code(), Some(0));
    let output = text(&output.stdout);
    assert!(output.contains("seen 1 of 1 legal output in 20 runs"), "{output}");
    assert!(output.lines().any(|line| line.trim_start().starts_with("20 ██")), "{output}");
}
