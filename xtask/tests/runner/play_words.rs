//! The words in which a scene is played: what a task waits for, what it does to others, and what helps.

use crate::course::{Course, holds, stdout};

/// Children that main waits for one by one; one that is killed; a thread that wakes another one.
const PROGRAM: &str = r#"
fn main() { lesson::run(&[("ends", ends), ("kills", kills), ("terms", terms), ("wakes", wakes)]) }
fn child(script: &str) -> std::process::Child {
    std::process::Command::new("sh").args(["-c", script]).spawn().unwrap()
}
fn ends() {
    let (mut a, mut b) = (child("echo one"), child("echo two"));
    a.wait().unwrap();
    println!("three");
    b.wait().unwrap();
    println!("four");
}
fn kills() {
    let (mut a, mut b) = (child("echo one; exec sleep 100"), child("echo two"));
    a.kill().unwrap();
    a.wait().unwrap();
    println!("three");
    b.wait().unwrap();
}
fn terms() {
    child("sleep 100 & kill $!; wait; echo two; kill -CONT $!").wait().unwrap();
}
fn wakes() {
    let main = std::thread::current();
    std::thread::scope(|scope| {
        scope.spawn(move || { main.unpark(); println!("one"); });
        std::thread::park();
        println!("two");
    });
}
"#;

fn course() -> Course {
    let course = Course::scenes("worded", "", PROGRAM);
    for (scene, transcript) in [
        ("ends", "a | one\na -> main\nmain | three\nb | two\n---\nmain | four\n"),
        ("kills", "a ?| one\nb | two\nmain | three\n"),
        ("terms", "a | two\n"),
        ("wakes", "a | one\nmain | two\n"),
    ] {
        course.write(
            &format!("lessons/worded/transcripts/{scene}.txt"),
            &format!("$ lesson-worded {scene}\n{transcript}"),
        );
    }
    course
}

#[test]
fn a_scene_is_played_in_plain_words() {
    let course = course();
    let play = |scene: &str, goal: &str, script: &str| {
        let scene = format!("worded/{scene}");
        let mut words = vec!["play", &scene, "--script", script];
        if !goal.is_empty() {
            words.extend(["--goal", goal]);
        }
        stdout(&course.xtask(words))
    };
    // Main cannot be chosen, but the child can be held for whose end it waits.
    let held = play("ends", "two -> three", "h q");
    holds(&held, "       main  waits for a to end\n");
    holds(&held, "│ Hold [0] a: main waits for a to end, and then prints \"three\".\n");
    // What the transcript forbids is said from the first screen to the last.
    let forbidden = play("ends", "three -> one", "h 0 0 0 q");
    let goal = "Goal: a line with \"three\" before any with \"one\".";
    holds(&forbidden, &format!("{goal} The arrow `a -> main` forbids this.\n"));
    holds(
        &forbidden,
        "│ The arrow `a -> main` forbids this. No choice helps, unless the program has a flaw.\n",
    );
    holds(&forbidden, &format!("{goal} Missed. The arrow `a -> main` forbids this.\n"));
    assert!(!forbidden.contains("Missed: u takes"), "{forbidden}");
    // Any arrow may be broken, so each one counts.
    for goal in ["breaks a -> main", "illegal"] {
        let hint = play("ends", goal, "h q");
        holds(&hint, "│ Only a program with a flaw does this.\n");
        holds(&hint, "│ No choice can break `a -> main` now: main waits for a to end.\n");
        assert!(!hint.contains("No arrow"), "{hint}");
    }
    let barrier = play("ends", "breaks ---", "h q");
    holds(
        &barrier,
        "the `---` above \"four\" now: main waits for a to end.\n│ `---` is a line of the",
    );
    // A signal has a name and a target.
    let killed = play("kills", "", "0 q");
    holds(&killed, "about to send SIGKILL to process #0.1\n");
    holds(&killed, "  chosen  main sends SIGKILL to process #0.1, which is killed\n");
    let ended = play("terms", "", "0 0 0 q");
    holds(&ended, "a sends SIGTERM to process #0.1.1, which then ends\n");
    // A wake that no task needs any more happens without a choice.
    let vain = play("wakes", "", "1 0 0 q");
    holds(&vain, "about to wake a task that waits\n");
    holds(&vain, "       →  a has no task to wake any more, and goes on\n");
}
