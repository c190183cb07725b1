//! The words in which a scene is played: what a task waits for, what it does to others, and what helps.

use crate::course::{Course, holds, stdout};

/// Children that main waits for one by one; one that is killed; a thread that wakes another one.
const PROGRAM: &str = r#"
fn main() { lesson::run(&[("ends", ends), ("kills", kills), ("terms", terms), ("claims", ends), ("swaps", swaps), ("wakes", wakes), ("naps", naps)]) }
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
fn swaps() {
    let script = "set -C; if { true > $TMPDIR/first; } 2>/dev/null; then echo first; else echo second; fi";
    let (mut a, mut b, mut c) = (child(script), child(script), child("echo third"));
    a.wait().unwrap();
    b.wait().unwrap();
    c.wait().unwrap();
}
fn terms() {
    child("sleep 100 & kill $!; wait; echo two; kill -CONT $!").wait().unwrap();
}
fn naps() {
    let mut a = child("echo one");
    (0..2).for_each(|_| std::thread::sleep(std::time::Duration::from_millis(20)));
    a.wait().unwrap();
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
        ("claims", "a | one\nb | two\nmain | three\nmain | four\ntiming finally \"two\" == 2\n"),
        ("swaps", "early | first\nlate | second\nother | third\n"),
        ("wakes", "a | one\nmain | two\n"),
        ("naps", "a | one\n"),
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
    holds(&held, "│ Hold [1] a: main waits for a to end, and then prints \"three\".\n");
    // What the transcript forbids is said from the first screen to the last.
    let forbidden = play("ends", "three -> one", "h 1 1 1 q");
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
        // The goal says this already.
        holds(&hint, ". Only a program with a flaw does this.\n");
        assert!(!hint.contains("│ Only a program"), "{hint}");
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
    let ended = play("terms", "", "1 1 1 q");
    holds(&ended, "a sends SIGTERM to process #0.1.1, which then ends\n");
    // An end is told too where the next move is a choice.
    let gone = play("ends", "", "1 1 q");
    holds(&gone, "  chosen  a prints  one\n       →  a has ended\n\n  [0]  main ");
    // A task that sleeps again and again is told from one that has not gone on.
    let napping = play("naps", "", "0 q");
    holds(&napping, "  [0]  first process  about to end its sleep\n");
    holds(&napping, "  [0]  first process  about to end another sleep\n");
    // A wake names the task that waits. One that no task needs any more happens without a choice.
    let vain = play("wakes", "", "1 0 0 q");
    holds(&vain, "about to wake main\n");
    holds(&vain, "about to wake up: its wait may be over\n");
    holds(&vain, "       →  a goes on: it need not wake main any more\n");
}

#[test]
fn a_game_can_be_played_to_its_end() {
    let course = course();
    let play = |goal: &str, script: &str, code: i32| {
        let words = ["play", "worded/claims", "--goal", goal, "--script", script];
        stdout(&course.xtask(words).code(code))
    };
    // The end is judged in the words of `orders`, and a number that comes after it is not used.
    let ended = play("two -> one", "1 e 2 2 1 1 q", 1);
    let legal =
        "\nlegal by lessons/worded/transcripts/claims.txt, apart from its claims about time\n";
    holds(&ended, legal);
    holds(&ended, "\nnot so in this run: timing finally \"two\" == 2\n");
    holds(&ended, "\n│ Not used: 1 more number.\n");
    // It stops where the goal is reached, with the line that did it and before the moves that leave no choice.
    let reached = play("prints three", "e", 0);
    let (_, moment) = reached.split_once("  chosen  main prints  three\n\nGoal:").unwrap();
    holds(moment, " Reached with line 2.\n\nworded/claims\n");
    holds(moment, "       →  main waits for b to end\n  forced  b begins\n");
    // A game begins again with the same goal.
    let again = play("two -> one", "1 e n 2 2 q", 0);
    holds(&again, "│ This is a new run, from the beginning; its pids are new.\n");
    // What is not known is not said, and a part of a word is no word.
    let hint = play("deadlock", "h q", 1);
    holds(&hint, "│ Whether there is a deadlock is not known: `cargo xtask orders` looks for one.");
    let part = play("prints thre", "1 q", 1);
    let unusual = "Goal: a line with \"thre\". A run in the usual order prints no line with \"thre\" as a whole word, only three.\n";
    assert_eq!(part.replace("\n    ", " ").matches(unusual).count(), 2, "{part}");
}

/// What a run in the usual order has shown is told of it alone, and no longer when this run differs.
#[test]
fn what_another_run_has_shown_is_no_promise() {
    let course = course();
    let words = ["play", "worded/swaps", "--script", "2 2 e q"];
    let said = stdout(&course.xtask(words).success());
    let turns: Vec<&str> = said.split("\n> ").collect();
    holds(turns[0], "  [2]  late           about to begin\n         in the usual order: second\n");
    holds(
        turns[1],
        "  [1]  process #0.1   about to begin\n  [2]  early          about to print  first\n",
    );
    holds(turns[1], "│ New names: [1] process #0.1, [2] early, [3] process #0.3.\n");
    assert!(!turns[1].contains("usual"), "{said}");
}
