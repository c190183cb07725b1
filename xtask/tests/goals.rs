//! The goals that the chapters' texts set for `play`: the script in the folded answer reaches each of them.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use course::Course;

/// What a text asks of the reader, and the keys with which its answer reaches that.
struct Goal<'a> {
    scene: &'a str,
    goal: &'a str,
    script: &'a str,
}

#[test]
fn the_script_of_each_answer_reaches_the_goal_with_its_last_key() {
    let course = Course::around(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let texts: Vec<String> = { course.chapters.iter() }
        .map(|chapter| fs::read_to_string(chapter.readme()).unwrap())
        .collect();
    let goals: Vec<Goal<'_>> = texts.iter().flat_map(|text| goals(text)).collect();
    assert!(!goals.is_empty());
    for goal in &goals {
        let (but_last, _) = goal.script.rsplit_once(' ').unwrap_or_default();
        for (keys, code) in [(goal.script, 0), (but_last, 1)] {
            let Output { status, stdout, stderr } = play(&course, goal, keys);
            let (stdout, stderr) =
                (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
            let Goal { scene, goal, .. } = goal;
            assert_eq!(status.code(), Some(code), "{scene} {goal}: {keys}\n{stdout}{stderr}");
        }
    }
}

fn play(course: &Course, Goal { scene, goal, .. }: &Goal<'_>, keys: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["play", scene, "--goal", goal, "--script", keys])
        .current_dir(&course.root)
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("course"))
        .output()
        .unwrap()
}

/// Each goal of a text, with the script of the same section.
fn goals(text: &str) -> impl Iterator<Item = Goal<'_>> {
    text.split("\n### ").filter_map(|section| {
        let (_, rest) = section.split_once("cargo xtask play ")?;
        assert!(!rest.contains("cargo xtask play "), "two goals in one section: {section}");
        let command = rest.split(['`', '\n']).next()?;
        let (scene, goal) = command.split_once(" --goal ").expect(command);
        let script = section.split_once("`--script \"").expect(command).1.split('"').next()?;
        Some(Goal { scene, goal: goal.trim_matches('"'), script })
    })
}
