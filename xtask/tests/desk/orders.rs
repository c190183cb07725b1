//! `orders`: every schedule of a scene's threads.

use std::fs;

use crate::course::{Course, holds, stderr, stdout};

const FILE: &str = "lessons/orderly/src/lost_update.rs";

/// Two threads add to a counter, and a scene gives the number of rounds.
const LOST_UPDATE: &str = r#"use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use shared::Result;

pub(crate) fn two_threads(rounds: u32) -> Result<()> {
    let counter = &AtomicU32::new(0);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(move || add(rounds, counter));
        }
    });
    println!("main: the counter is {}", counter.load(Ordering::Relaxed));
    Ok(())
}

fn add(rounds: u32, counter: &AtomicU32) {
    for _ in 0..rounds {
        let read = counter.load(Ordering::Relaxed);
        counter.store(read + 1, Ordering::Relaxed);
    }
}
"#;

/// A course with this explored file, behind the scene `sum`.
fn course(source: &str) -> Course {
    let course = Course::with("orderly");
    course.write(FILE, source);
    course.edit(
        "lessons/orderly/Cargo.toml",
        "needs = []",
        "needs = []\nexplored = [\"src/lost_update.rs\"]",
    );
    course.edit(
        "lessons/orderly/src/main.rs",
        "(\"hand-over\", hand_over)",
        "(\"hand-over\", hand_over), (\"sum --rounds 1000000\", sum)",
    );
    course.edit(
        "lessons/orderly/src/main.rs",
        "/// Runs in the worker.",
        "mod lost_update;\n\n/// Two threads add.\nfn sum() -> Result<()> {\n    \
         lost_update::two_threads(lesson::option(\"rounds\")?)\n}\n\n/// Runs in the worker.",
    );
    let transcript = |name: &str, options: &str, values: &str| {
        course.write(
            &format!("lessons/orderly/transcripts/{name}.txt"),
            &format!(
                "$ lesson-orderly sum{options}\nmain | main: the counter is {{total:{values}}}\n"
            ),
        );
    };
    transcript("sum", "", "int >= 2");
    transcript("sum.once", " --rounds 1", "1..=2");
    transcript("sum.twice", " --rounds 2", "1..=3");
    course
}

#[test]
fn every_schedule_of_the_smallest_variant_is_compared_with_its_transcript() {
    let course = course(LOST_UPDATE);
    course.screen("orders", ["orders", "orderly/sum"]).success();
    // The transcript forbids a sum that is possible, and allows one that is not.
    course.screen("orders-not-legal", ["orders", "orderly/sum.twice"]).code(1);
    course.screen("replay-explored", ["replay", "orderly/sum", "--explored", "1,2,2"]).success();
    course.screen("replay-next", ["replay", "orderly/sum", "--explored", "1"]).success();

    // Without a transcript of this size there is nothing to compare with.
    let three = stdout(&course.xtask(["orders", "orderly/sum", "--", "--rounds", "3"]).success());
    holds(&three, "orderly/sum --rounds 3\nall 924 schedules: 5 outcomes\n");
    assert!(!three.contains("legal"), "{three}");
    holds(
        &stdout(&course.xtask(["orders", "orderly/sum", "--memory", "weak"]).success()),
        "each is legal",
    );

    holds(
        &stderr(&course.xtask(["replay", "orderly/hand-over", "--explored", "0"]).code(2)),
        "orderly/hand-over has no explored program; these have one: orderly/sum",
    );
    for (choices, what) in [
        ("1,7", "orderly/sum: choice 2 cannot be 7"),
        ("1,2,2,2", "orderly/sum: the schedule has 3 choices, and 4 were given"),
        ("one", "choice 1 is \"one\", which is not a number of a move"),
    ] {
        let refused = course.xtask(["replay", "orderly/sum", "--explored", choices]).code(2);
        holds(&stderr(&refused), what);
    }
    let refused = course.xtask(["orders", "orderly/sum", "--", "--rounds", "many"]).code(2);
    holds(&stderr(&refused), "--rounds many: write a whole number");

    replay_and_play_choose_the_same_kind(&course);
    every_schedule_is_checked(&course);
    deadlock(&course);
    unknown_call(&course);
    a_directed_run_is_replayed_by_its_command(&course);
}

/// Of a scene with an explored program, both play a schedule of that program, unless a flag says otherwise.
fn replay_and_play_choose_the_same_kind(course: &Course) {
    let said = |words: &[&str]| stdout(&course.xtask(words.iter().copied()).success());
    let explored = said(&["replay", "orderly/sum", "--explored", "1,2,2"]);
    assert_eq!(said(&["replay", "orderly/sum", "1,2,2"]), explored);
    holds(&explored, "a schedule of its explored program; `--directed` shows a run of its real");
    let played = said(&["play", "orderly/sum", "--script", "1 2 2 q"]);
    holds(&played, "Again: `cargo xtask replay orderly/sum --explored 1,2,2`");

    let directed = said(&["replay", "orderly/sum", "--directed", "0"]);
    holds(&directed, "a run of its real processes and threads; `--explored` shows a schedule");
    holds(&directed, "\npassed  orderly/sum 0\n");
    let flag = ["replay", "orderly/sum", "--returns", "0"];
    holds(&said(&flag), "a run of its real processes and threads; ");
    let wrong = stderr(&course.xtask(["replay", "orderly/sum", "0,1,1,1"]).code(2));
    holds(
        &wrong,
        "if these are the choices of a run of real processes and threads, add `--directed`",
    );
    let options = ["replay", "orderly/sum", "--directed", "0", "--", "--rounds", "2"];
    let refused = stderr(&course.xtask(options).code(2));
    holds(&refused, "orderly/sum is directed, so it takes no such option");
}

/// Main prints first by luck.
const UNORDERED: &str = r#"use std::thread;

use shared::Result;

pub(crate) fn two_threads(rounds: u32) -> Result<()> {
    assert!(rounds > 0);
    let thread = thread::spawn(|| println!("thread: begins"));
    println!("main: goes on");
    thread.join().expect("it does not panic");
    Ok(())
}
"#;

/// A command that shows a run of real threads has a flag for it, if the scene also has an explored program.
fn a_directed_run_is_replayed_by_its_command(course: &Course) {
    course.write(FILE, UNORDERED);
    let transcripts = "lessons/orderly/transcripts";
    for variant in ["sum.once", "sum.twice"] {
        fs::remove_file(course.path(&format!("{transcripts}/{variant}.txt"))).unwrap();
    }
    course.write(
        &format!("{transcripts}/sum.txt"),
        "$ lesson-orderly sum\nmain | main: goes on\nmain -> thread\nthread | thread: begins\n",
    );
    let command = "cargo xtask replay orderly/sum --directed ";
    let replays = |said: &str| {
        let (_, choices) = said.split_once(command).unwrap_or_else(|| panic!("{said}"));
        let choices = choices.split(['\n', '`']).next().unwrap();
        let replay = ["replay", "orderly/sum", "--directed", choices];
        holds(&stdout(&course.xtask(replay).code(1)), "FAILED  orderly/sum ");
    };
    let check = || stdout(&course.xtask(["check", "orderly/sum"]).code(1));
    // On a busy machine the free run may fail as well, and is repeated by another command.
    let said = (0..20).map(|_| check()).find(|said| said.contains(" directed run "));
    replays(&said.expect("no free run passes"));
    let play = ["play", "orderly/sum", "--directed", "--script", "1 1 1 1 1 1 1 1 q"];
    let played = stdout(&course.xtask(play).success());
    replays(&played);
}

/// A thorough check plays every schedule, and finds a race that no system call separates.
fn every_schedule_is_checked(course: &Course) {
    let check = ["check", "orderly/sum.once", "--thorough"];
    holds(&stdout(&course.xtask(check).success()), " 2 orders, all 6 schedules\n");
    let once = "lessons/orderly/transcripts/sum.once.txt";
    course.edit(once, "{total:1..=2}", "{total:2..=2}");
    let said = stdout(&course.screen("check-schedule", check).code(1));
    let (_, again) = said.split_once("again: cargo xtask ").unwrap();
    let again = again.lines().next().unwrap();
    let replayed = stdout(&course.xtask(again.split(' ')).code(1));
    holds(&replayed, "prints  main: the counter is 1\n");
    holds(&replayed, "\nFAILED  orderly/sum --rounds 1 1,2,1\n    STRAY   no lane can print");
    // An audit finds it, too. The director alone would not.
    let said = stdout(&course.xtask(["audit", "--orders", "orderly/sum.once"]).code(1));
    holds(&said, "orderly/sum.once  a run is not legal\n    STRAY   no lane can print");
    holds(
        &said,
        &format!("    again: cargo xtask {again}\n").replace("orderly/sum ", "orderly/sum.once "),
    );
    course.edit(once, "{total:2..=2}", "{total:1..=2}");
}

/// A deadlock is shown with what each thread holds and wants.
fn deadlock(course: &Course) {
    course.write(
        FILE,
        r#"use std::sync::Mutex;
use std::thread::{self, Builder};

use shared::Result;

pub(crate) fn two_threads(rounds: u32) -> Result<()> {
    let (a, b) = (Mutex::new(()), Mutex::new(()));
    let (a, b) = (&a, &b);
    thread::scope(|scope| -> Result<()> {
        for (name, first, second) in [("left", a, b), ("right", b, a)] {
            Builder::new().name(name.to_owned()).spawn_scoped(scope, move || {
                let _first = first.lock().expect("no holder panics");
                let _second = second.lock().expect("no holder panics");
            })?;
        }
        Ok(())
    })?;
    println!("main: the counter is {rounds}");
    Ok(())
}
"#,
    );
    course.screen("orders-deadlock", ["orders", "orderly/sum"]).code(1);
}

/// What the explorer does not have is an error of the compiler, with its name and its line.
fn unknown_call(course: &Course) {
    course.write(
        FILE,
        "pub(crate) fn two_threads(rounds: u32) -> shared::Result<()> {\n    std::process::exit(rounds as i32)\n}\n",
    );
    let refused = stderr(&course.xtask(["orders", "orderly/sum"]).code(1));
    holds(&refused, "process");
    holds(&refused, "lost_update.rs:2:10");
}
