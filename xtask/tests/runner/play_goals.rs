//! A reader sets a goal while a scene is played, and asks what leads to it.

use crate::course::{Course, faults, holds, stderr, stdout};

/// A child is there from the beginning, and another one comes later.
const PROGRAM: &str = r#"
fn main() { lesson::run(&[("later", later), ("both", both)]) }
fn child(script: &str) -> std::process::Child {
    std::process::Command::new("sh").args(["-c", script]).spawn().unwrap()
}
fn later() {
    let mut first = child("echo first");
    println!("one");
    let mut second = child("echo second");
    first.wait().unwrap();
    second.wait().unwrap();
}
fn both() {
    let (mut first, mut second) = (child("echo first"), child("echo second"));
    first.wait().unwrap();
    second.wait().unwrap();
}
"#;

fn course() -> Course {
    let course = Course::scenes("aimed", "", PROGRAM);
    for (scene, transcript) in [
        ("later", "first | first\nmain | one\nmain -> second\nsecond | second\n"),
        ("both", "first | first\nfirst -> second\nsecond | second\n"),
    ] {
        let path = format!("lessons/aimed/transcripts/{scene}.txt");
        course.write(&path, &format!("$ lesson-aimed {scene}\n{transcript}"));
    }
    course
}

#[test]
fn a_goal_is_set_in_the_game() {
    let course = faults();
    let play = ["play", "faults/race", "--script"];
    let said = |script: &'static str, code: i32| {
        stdout(&course.xtask(play.into_iter().chain([script])).code(code))
    };
    // Without one, the forms are shown, and how to write it.
    let none = said("g q", 0);
    holds(&none, "│ No goal is set. A goal has one of these forms:\n│   prints TEXT ");
    holds(&none, "│ To set a goal, type it after `g`, in quotation marks: `g \"prints 1\"`.\n");
    // A goal that is set counts from then on, also if what was printed has decided it.
    let reached = said("2 g \"two -> one\" 2 q", 0);
    let (before, after) = reached.split_once("> g \"two -> one\"\n").unwrap();
    assert!(!before.contains("Goal:"), "{before}");
    let goal = "Goal: a line with \"two\" before any with \"one\".";
    holds(after, &format!("{goal}\n│ It is reached as soon as a line with \"two\" comes,"));
    holds(after, &format!("{goal} Reached with line 1.\n"));
    holds(after, "The goal was reached.\n");
    let missed = said("1 1 g \"two -> one\" h n 2 2 q", 0);
    holds(&missed, &format!("{goal} Missed: u takes the last choice back.\n"));
    holds(&missed, "The goal was reached.\n");
    // One takes the place of another, with what is known about it.
    let other = said("g \"prints tow\" g \"prints one\" g q", 1);
    let unknown = "prints no line with \"tow\".\n";
    assert_eq!(other.matches(unknown).count(), 1, "{other}");
    holds(&other, "Goal: a line with \"one\".\n│ It is reached as soon as such a line comes.\n");
    // A script with a goal that is none is wrong; a reader may try again.
    let wrong = stderr(&course.xtask(play.into_iter().chain(["1 g \"win\" q"])).code(2));
    holds(
        &wrong,
        "error: `--script`: key 2 of 3: `win` cannot be a goal: it has none of the forms.",
    );
    holds(&wrong, "\n  deadlock ");
}

#[test]
fn a_goal_is_typed_on_a_terminal() {
    let mut terminal = faults().open_terminal(80, &[], ["play", "faults/race"]);
    terminal.wait_for("Which task goes on?");
    terminal.type_keys("g");
    terminal.wait_for(" _ (Enter sets it, Esc goes back)");
    holds(&terminal.screen().join("\n"), "breaks ARROW");
    // A digit and q are parts of the text here.
    terminal.type_keys("prints q1");
    terminal.wait_for(" prints q1_");
    terminal.type_keys("\x1b");
    terminal.wait_for("h hint");
    assert!(!terminal.screen().join("\n").contains("Goal:"));
    terminal.type_keys("g");
    terminal.wait_for(" _ (Enter sets it");
    terminal.type_keys("win\r");
    terminal.wait_for("`win` cannot be a goal: it has none of the forms.");
    terminal.type_keys("g");
    terminal.wait_for(" _ (Enter sets it");
    terminal.type_keys("prints tx\x7fwo\r");
    terminal.wait_for(" a line with \"two\".");
    terminal.type_keys("2");
    terminal.wait_for("b begins");
    terminal.type_keys("2");
    terminal.wait_for("The goal is reached.");
    terminal.type_keys("q");
    let (shown, code) = terminal.end();
    holds(&shown, "The goal was reached.");
    assert_eq!(code, Some(0));
}

/// What cannot be done yet is no advice.
#[test]
fn an_attack_is_named_when_it_is_possible() {
    let course = course();
    let played = |scene: &'static str, goal: &'static str, script: &'static str| {
        stdout(&course.xtask(["play", scene, "--goal", goal, "--script", script]).code(1))
    };
    let hint = |goal, script| played("aimed/later", goal, script);
    // Of its two tasks, only one is there.
    let early = hint("illegal", "h q");
    holds(&early, "│ No arrow of the transcript is about the lines that come next.\n");
    assert!(!early.contains("To attack"), "{early}");
    let asked = hint("breaks main -> second", "h g q");
    let later = "No choice can break `main -> second` yet: no task is known to print in `second`.";
    holds(&asked, &format!("│ {later}\n"));
    let explained = "│ It is reached as soon as a line of `second` below the arrow comes before one of `main` above";
    holds(&asked, explained);
    let both = played("aimed/both", "illegal", "h q");
    holds(&both, "│ To attack `first -> second`, hold [1] first, and let [2] second go on.\n");
}
