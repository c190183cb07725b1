//! What at least one of several runs must show: a check makes as many runs as that takes, and no more.

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use serde_json::Value;

use crate::course::{Course, holds, stdout};

/// A course with one chapter, `sights`. All tests share it, so no two may play the same scene.
static SIGHTS: LazyLock<Course> = LazyLock::new(course);

/// Each scene, its rules, and its total in each of its runs; the last one is that of all further runs.
const SCENES: &[(&str, &str, &[i32])] = &[
    ("at-once", "seen {total} < 5 in 9 runs", &[3]),
    ("later", "seen {total} < 5 in 8 runs", &[9, 9, 9, 9, 3]),
    ("much-later", "seen {total} < 5 in 2 runs", &[9, 9, 9, 9, 9, 3]),
    ("shaken", "seen {total} < 5 in 8 runs", &[9, 9, 9, 9, 3]),
    ("never", "seen {total} < 5 in 5 runs", &[9]),
    ("both", "seen {total} < 5 in 4 runs\nseen {total} > 8 in 6 runs", &[7, 7, 3, 7]),
    ("fails", "seen {total} < 5 in 9 runs", &[9, 9, 9, 9, -1]),
    ("skips", "seen {total} < 5 in 9 runs", &[9, 9, 9, 77]),
    ("half", "seen {total} < 5 in 9 runs\nseen {total} == 9 in 9 runs", &[3, 9, 3, 9, 3, 9, 3, 9]),
];

const CHAPTER: &str = r#"
[package]
name = "lesson-sights"
version = "0.1.0"
edition = "2024"
[package.metadata.lesson]
question = "What can be seen?"
minutes = 1
needs = []
"#;

/// A scene counts its runs with files in the course's folder.
const MAIN: &str = r#"
fn main() {
    let scene = std::env::args().nth(1).unwrap();
    let file = |run: &usize| format!("FOLDER/{scene}.{run}");
    let run = (0..).find(|run| std::fs::File::create_new(file(run)).is_ok()).unwrap();
    let (_, totals) = SCENES.iter().find(|(name, _)| *name == scene).unwrap();
    match totals[run.min(totals.len() - 1)] {
        -1 => println!("nothing"),
        77 => std::process::exit(77),
        total => println!("total: {total}"),
    }
}
"#;

fn course() -> Course {
    let course = Course::new();
    course.edit("Cargo.toml", "chapters = []", "chapters = [\"sights\"]");
    course.write("lessons/sights/Cargo.toml", CHAPTER);
    fs::create_dir(course.path("runs")).unwrap();
    let totals: String =
        SCENES.iter().map(|(name, _, totals)| format!("({name:?}, &{totals:?}), ")).collect();
    let main = MAIN.replace("FOLDER", course.path("runs").to_str().unwrap());
    let rows: String =
        SCENES.iter().map(|(name, ..)| format!("        (\"{name}\", scene),\n")).collect();
    course.write(
        "lessons/sights/src/main.rs",
        &format!(
            "const SCENES: &[(&str, &[i32])] = &[{totals}];\n{main}\n\
             mod lesson {{ pub fn run(_: &[(&str, fn())]) {{}} }}\nfn scene() {{}}\n\
             pub fn table() {{\n    lesson::run(&[\n{rows}    ])\n}}\n"
        ),
    );
    for (name, rules, _) in SCENES {
        course.write(
            &format!("lessons/sights/transcripts/{name}.txt"),
            &format!("$ lesson-sights {name}\nmain | total: {{total:int}}\n{rules}\n"),
        );
    }
    course
}

/// The entry about a scene, after a check of free runs with these further words, and how many runs there were.
fn check(scene: &str, words: &[&str], code: i32) -> (Value, u64) {
    let name = format!("sights/{scene}");
    let fixed = ["check", &name, "--free", "--format", "json"];
    undisturbed(scene, || {
        let json = stdout(&SIGHTS.xtask(fixed.into_iter().chain(words.iter().copied())).code(code));
        let entry: Value = serde_json::from_str(json.lines().next().unwrap()).unwrap();
        let last = entry["run"].is_u64() || entry["outcome"] == "skipped";
        let runs = entry["accepted"].as_u64().unwrap() + u64::from(last);
        ((entry, runs), runs)
    })
}

/// The result of a command that says how often it ran the scene. If another program uses shared memory meanwhile, a run
/// is played again, and the scene's totals are no longer those of its runs: then the command is repeated.
fn undisturbed<T>(scene: &str, command: impl Fn() -> (T, u64)) -> T {
    let plays = || -> Vec<PathBuf> {
        let files = fs::read_dir(SIGHTS.path("runs")).unwrap().flatten().map(|file| file.path());
        files.filter(|file| file.file_stem().is_some_and(|stem| stem == scene)).collect()
    };
    for _ in 0..10 {
        let (result, runs) = command();
        let plays = plays();
        plays.iter().for_each(|play| fs::remove_file(play).unwrap());
        if plays.len() as u64 == runs {
            return result;
        }
    }
    panic!("{scene} is disturbed each time");
}

#[test]
fn what_the_usual_runs_show_needs_no_more() {
    let (entry, runs) = check("at-once", &[], 0);
    assert_eq!((&entry["outcome"], runs), (&Value::from("passed"), 3));
}

#[test]
fn runs_are_made_until_one_shows_it() {
    let (entry, runs) = check("later", &[], 0);
    assert_eq!((&entry["outcome"], runs), (&Value::from("passed"), 5));
}

#[test]
fn runs_beyond_those_of_the_rule_may_show_it() {
    let (entry, runs) = check("much-later", &["--runs", "6"], 0);
    assert_eq!((&entry["outcome"], runs), (&Value::from("passed"), 6));
}

#[test]
fn shaken_runs_count() {
    let (entry, runs) = check("shaken", &["--shake"], 0);
    assert_eq!((&entry["outcome"], runs), (&Value::from("passed"), 5));
}

#[test]
fn what_no_run_shows_fails() {
    let (entry, runs) = check("never", &[], 1);
    assert_eq!((&entry["cause"], runs), (&Value::from("UNSEEN"), 5));
    assert_eq!(entry["run"], Value::Null, "no single run is at fault");
    let message = "{total} < 5 in none of 5 runs; nearest: {total} was 9 in 5 of 5";
    let fault = serde_json::json!({
        "kind": "UNSEEN", "line": null, "transcript_line": 3, "message": message
    });
    assert_eq!(entry["faults"], Value::from(vec![fault]));
    let path = "lessons/sights/transcripts/never.txt";
    assert_eq!(entry["message"], format!("UNSEEN  {message} ({path}:3)"));

    let (entry, _) = check("never", &["--runs", "7"], 1);
    holds(entry["message"].as_str().unwrap(), "in none of 7 runs");
    SIGHTS.screen("check-unseen", ["check", "sights/never"]).code(1);
}

#[test]
fn each_rule_is_seen_for_itself() {
    let (entry, runs) = check("both", &[], 1);
    assert_eq!(runs, 6, "as many as the second rule asks for");
    let faults = entry["faults"].as_array().unwrap();
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0]["transcript_line"], 4);
}

#[test]
fn a_further_run_can_fail() {
    let (entry, runs) = check("fails", &[], 1);
    assert_eq!([&entry["cause"], &entry["run"]], [&Value::from("STRAY"), &Value::from(5)]);
    assert_eq!(runs, 5);
}

#[test]
fn a_further_run_can_be_skipped() {
    let (entry, runs) = check("skips", &[], 0);
    assert_eq!((&entry["outcome"], runs), (&Value::from("skipped"), 4));
}

#[test]
fn outcomes_tell_the_rate() {
    let words = ["outcomes", "sights/half", "--runs", "8"];
    let told = undisturbed("half", || (stdout(&SIGHTS.xtask(words).success()), 8));
    holds(&told, "\n     8 100.0 % █");
    holds(&told, "\nseen {total} < 5: in 4 of 8 runs, 50.0 %\n");
    holds(&told, "\nseen {total} == 9: in 4 of 8 runs, 50.0 %\n");
}
