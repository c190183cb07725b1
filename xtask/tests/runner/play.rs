//! The reader decides about the order of a scene.

use std::io::{Read, Write};
use std::process::{Output, Stdio};

use crate::course::{Course, XTASK, eventually, faults, holds, left, stderr, stdout};

/// The last of the screens that were printed, and what was said at the end.
fn last(said: &str) -> &str {
    said.rsplit_once("\n> ").map_or(said, |(_, last)| last)
}

#[test]
fn processes_are_directed() {
    let course = faults();
    // Back from the end, to the other order.
    let words = ["play", "faults/race", "--goal", "two -> one", "--script", "h 1 1 g u u 2 h 2 q"];
    course.screen("play-processes", words).success();
    // Two lines in the default order: the goal is missed.
    let missed = stdout(
        &course.xtask(["play", "faults/race", "--goal", "two -> one", "--script", "1 1"]).code(1),
    );
    holds(&missed, "Goal: a line with \"two\" before any with \"one\". Missed: u takes");
    holds(last(&missed), "The goal was not reached.\n");
    // A goal may be misspelt.
    for (goal, misspelt) in [("prints tow", true), ("tow -> one", true), ("two -> one", false)] {
        let words = ["play", "faults/race", "--goal", goal, "--script", "q"];
        let said = stdout(&course.xtask(words).code(1));
        let remark = ". A run in the usual order prints no line with \"tow\".\n";
        assert_eq!(said.contains(remark), misspelt, "{said}");
    }
    // `replay` counts the options of each moment, and a list is one of its own.
    let played = stdout(&course.xtask(["play", "faults/race", "--script", "2 1 q"]).success());
    let (_, replay) = last(&played).split_once("cargo xtask ").unwrap();
    let words = replay.split(['`', '\n']).next().unwrap().split(' ');
    assert_eq!(words.clone().next_back(), Some("1,0"));
    holds(&stdout(&course.xtask(words).success()), "passed  faults/race 1");
    let listed = stdout(&course.xtask(["play", "faults/race", "--script", "1,0 q"]).success());
    assert_eq!(last(&listed), last(&played));
}

#[test]
fn an_end_is_judged_as_a_check_does() {
    let course = faults();
    for (scene, goal, part) in [
        ("order", "illegal", "FAILED\nORDER   \"two\" was printed before"),
        ("order", "breaks it", ""),
        ("panics", "illegal", "EXIT STATUS  101, a panic"),
        ("waits", "deadlock", "HUNG  nothing could happen any more"),
        ("skips", "prints moon", "skipped: no moon"),
        ("good", "prints hello", "\nlegal by lessons/faults/transcripts/good.txt\n"),
    ] {
        let play = ["play", &format!("faults/{scene}"), "--goal", goal, "--script", "q"];
        let code = match scene {
            "skips" => 1,
            _ if part.is_empty() => 2,
            _ => 0,
        };
        let played = course.xtask(play).code(code);
        if part.is_empty() {
            holds(&stderr(&played), "lessons/faults/transcripts/order.txt has no arrow");
        } else {
            holds(&stdout(&played), part);
        }
    }
    // A run without a choice says so, and has nothing to take back.
    let alone = stdout(&course.xtask(["play", "faults/good", "--script", "u"]).success());
    holds(&alone, "This scene leaves you no choice");
    holds(&alone, "The run has ended. (q quit)\n");
}

#[test]
fn a_wrong_question_is_answered() {
    let course = faults();
    course.screen("play-bad-goal", ["play", "faults/race", "--goal", "win"]).code(2);
    for (words, part) in [
        (&["faults/race", "--explored"][..], "faults/race has no explored program"),
        (&["faults/race", "--memory", "weak"], "faults/race has no explored program, so it takes"),
        (&["faults/race", "--explored", "--directed"], "cannot be used with"),
        (&[], "which scene? Write `cargo xtask play CHAPTER/SCENE`"),
        (&["faults"], "is more than one scene: take one of faults/good, faults/order"),
        (&["faults/rase"], "did you mean `race`?"),
        (&["faults/malformed"], "moon"),
        (
            &["faults/race", "--script", "1 x 2"],
            "error: `--script`: key 2 of 3 is `x`, which is no key",
        ),
        (&["faults/race", "--script", "no.txt"], "is `no.txt`, which is no key, and no file has"),
        (
            &["faults/race", "--script", "1 7 2"],
            "error: `--script`: key 2 of 3: 7 cannot be chosen now. You can choose [1] a, [2] b.",
        ),
    ] {
        let words = ["play"].iter().chain(words).copied();
        holds(&stderr(&course.xtask(words).code(2)), part);
    }
    // A script that ends too early says what could have come next. With a goal that is reached, it is long enough.
    for (words, code, part) in [
        (&["--script", "1"][..], 1, "The script ends here, and the run does not: you could choose"),
        (&["--script", "1", "--goal", "two -> one"], 1, "The script ends here"),
        (&["--script", "2 2", "--goal", "prints two"], 0, "The goal was reached."),
    ] {
        let words = ["play", "faults/race"].iter().chain(words).copied();
        holds(&stdout(&course.xtask(words).code(code)), part);
    }
}

/// Each key may come in a line of its own, several in one, and the last line may have no newline.
#[test]
fn keys_come_from_a_pipe_too() {
    let course = faults();
    let scripted = stdout(&course.xtask(["play", "faults/race", "--script", "2 h 1 q"]).success());
    let piped = |keys: &str| {
        let mut play = course.command(["play", "faults/race"]);
        let mut play = play.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        play.stdin.take().unwrap().write_all(keys.as_bytes()).unwrap();
        let Output { stdout, status, .. } = play.wait_with_output().unwrap();
        assert!(status.success());
        String::from_utf8(stdout).unwrap()
    };
    assert_eq!(piped("2\nh 1\nq"), scripted);
    // A script may be a file.
    course.write("keys.txt", "2 h\n1\nq\n");
    let from_file = course.xtask(["play", "faults/race", "--script", "keys.txt"]).success();
    assert_eq!(stdout(&from_file), scripted);
    // A reader may mistype.
    let mistyped = piped("2 x 7 1");
    holds(&mistyped, "\n│ `x` is no key; `?` shows the keys.\n");
    holds(&mistyped, "\n│ 7 cannot be chosen now. You can choose [1] a, [2] b.\n");
    let advice =
        "The input ends here, and the run does not: you could choose [1] a, [2] b. `q` quits";
    holds(last(&mistyped), advice);
    // No key comes at all.
    let mut play = course.command(["play", "faults/race"]);
    let none = play.stdin(Stdio::null()).output().unwrap();
    holds(&String::from_utf8(none.stdout).unwrap(), "The input ends here");
    // Without a reader, no one is asked for a key.
    let mut play = course.command(["play", "faults/race"]);
    let mut play = play.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut three = [0; 3];
    play.stdout.take().unwrap().read_exact(&mut three).unwrap();
    eventually("it waits for a key", || play.try_wait().unwrap().is_some());
    assert_eq!(play.wait().unwrap().code(), Some(141));
    assert_eq!(left(), []);
}

/// Two threads that take two locks, each in its own order.
const KNOT: &str = r#"use std::sync::Mutex;
use std::thread::{self, Builder};

use shared::Result;

pub(crate) fn knot(rounds: u32) -> Result<()> {
    let (a, b) = (Mutex::new(0), Mutex::new(0));
    let (a, b) = (&a, &b);
    thread::scope(|scope| -> Result<()> {
        for (name, first, second) in [("left", a, b), ("right", b, a)] {
            Builder::new().name(name.to_owned()).spawn_scoped(scope, move || {
                let _first = first.lock().expect("no holder panics");
                let _second = second.lock().expect("no holder panics");
                println!("{name}: has both");
            })?;
        }
        Ok(())
    })?;
    println!("main: ends {rounds}");
    Ok(())
}
"#;

/// An unnamed thread that sends into a channel with one place.
const FULL: &str = r#"
pub(crate) fn full(letters: u32) -> Result<()> {
    let (sender, receiver) = std::sync::mpsc::sync_channel(1);
    let writer = thread::spawn(move || {
        for letter in 0..letters {
            println!("writer: sends {letter}");
            sender.send(letter).expect("main receives");
        }
    });
    for letter in receiver {
        println!("reader: has {letter}");
    }
    writer.join().expect("the writer does not panic");
    Ok(())
}
"#;

/// A course with two explored scenes, `knotted/tie` and `knotted/full`.
fn knotted() -> Course {
    let course = Course::with("knotted");
    course.write("lessons/knotted/src/knot.rs", &format!("{KNOT}{FULL}"));
    let main = "lessons/knotted/src/main.rs";
    course.edit(
        "lessons/knotted/Cargo.toml",
        "needs = []",
        "needs = []\nexplored = [\"src/knot.rs\"]",
    );
    course.edit(
        main,
        "(\"hand-over\", hand_over)",
        "(\"hand-over\", hand_over), (\"tie --rounds 1\", tie), (\"full --letters 3\", full)",
    );
    course.edit(
        main,
        "/// Runs in the worker.",
        "/// Two threads.\nfn tie() -> Result<()> {\n    knot::knot(lesson::option(\"rounds\")?)\n}\n\n\
         /// A full channel.\nfn full() -> Result<()> {\n    knot::full(lesson::option(\"letters\")?)\n}\n\n\
         /// Runs in the worker.",
    );
    course.edit(main, "fn main()", "mod knot;\n\nfn main()");
    course.write(
        "lessons/knotted/transcripts/tie.txt",
        "$ lesson-knotted tie\nleft | left: has both\nright | right: has both\n---\nmain | main: ends 1\n",
    );
    course.write(
        "lessons/knotted/transcripts/full.txt",
        "$ lesson-knotted full\nfor i in 0..=2\n    writer | writer: sends {i}\n    writer -> reader\n    \
         reader | reader: has {i}\n",
    );
    course
}

#[test]
fn threads_are_explored() {
    let course = knotted();
    let play = |words: &[&'static str]| {
        let words: Vec<&str> = ["play", "knotted/tie"].iter().chain(words).copied().collect();
        words
    };
    let words = play(&["--goal", "deadlock", "--script", "h 1 1 h u 2"]);
    course.screen("play-threads", words).success();
    // The explorer knows when a goal is out of reach.
    let never = course.xtask(play(&["--goal", "prints no such line", "--script", "h"])).code(1);
    holds(&stdout(&never), "Goal: a line with \"no such line\". No schedule reaches it.");
    holds(&stdout(&never), "│ No schedule reaches it.\n");
    // A deadlock is not legal here, and no arrow is broken on the way.
    let illegal = course.xtask(play(&["--goal", "illegal", "--script", "1 2"])).success();
    holds(&stdout(&illegal), "FAILED\nit never ends\n");
    let breaks = course.xtask(play(&["--goal", "breaks ---", "--script", "1 1"])).code(1);
    let breaks = stdout(&breaks);
    let hopeless = "Goal: an output that breaks ---. No schedule reaches it: only a program with a flaw does this.\n";
    assert_eq!(breaks.matches(hopeless).count(), 3, "{breaks}");
    assert!(!breaks.contains("Out of reach"), "{breaks}");
    for (words, part) in [
        (
            &["--script", "q", "--", "--rounds", "2"][..],
            "knotted/tie --rounds 2  (lessons/knotted/src/knot.rs)\n",
        ),
        (
            &["--memory", "weak", "--script", "q"],
            "knotted/tie --rounds 1, with weak memory  (lessons/",
        ),
        (&["--directed", "--script", "q"], "Which task goes on?"),
    ] {
        holds(&stdout(&course.xtask(play(words)).success()), part);
    }
    // A hint says what became of the goal.
    for (goal, code, part) in [
        ("right -> left", 0, "│ The goal is reached. You may play on to the end of the run.\n"),
        (
            "left -> right",
            1,
            "│ No choice can reach the goal now. `u` takes the last choice back.\n",
        ),
    ] {
        let words = play(&["--directed", "--goal", goal, "--script", "0 2 2 h"]);
        let hinted = stdout(&course.xtask(words).code(code));
        holds(&hinted, part);
    }
    threads_have_lanes_and_reasons(&course);
    let refused = course.xtask(play(&["--directed", "--", "--rounds", "2"])).code(2);
    holds(&stderr(&refused), "knotted/tie is directed, so it takes no such option");
    without_a_director_one_line_says_why(&course);
    what_is_not_directed_says_why(&course);
}

/// The names of the transcript come after those of the program, and a forced move after what it was forced by.
fn threads_have_lanes_and_reasons(course: &Course) {
    let words = ["play", "knotted/full", "--script", "? 1 1 1 1 q"];
    let said = stdout(&course.xtask(words).success());
    holds(&said, "knotted/full --letters 3  (lessons/knotted/src/knot.rs)\n");
    holds(&said, "  [1]  thread 1 (writer)  about to print  writer: sends 1\n");
    holds(
        &said,
        "       →  thread 1 (writer) needs a place in the channel\n  forced  main (reader) ",
    );
    holds(&said, "about to send to the channel (0 of 1 places taken)\n");
    // What is true of real processes only is not explained.
    holds(&said, "│ u  takes the last choice back\n");
    assert!(!said.contains("Times in the lines"), "{said}");
}

/// A director cannot be directed.
fn without_a_director_one_line_says_why(course: &Course) {
    course.edit(
        "lessons/knotted/src/main.rs",
        "knot::knot(lesson::option(\"rounds\")?)",
        "let call = \"cd $COURSE && $XTASK play knotted/hand-over --script q\";\n    \
         std::process::Command::new(\"sh\").args([\"-c\", call]).status()?;\n    \
         knot::knot(lesson::option(\"rounds\")?)",
    );
    course.write("lessons/knotted/transcripts/tie.txt", "$ lesson-knotted tie\nmain *| {:text}\n");
    let mut command = course.command(["replay", "knotted/tie", "--directed", "0"]);
    command.env("XTASK", XTASK).env("COURSE", course.path(""));
    let said = stdout(&assert_cmd::Command::from_std(command).assert());
    holds(&said, "knotted/hand-over cannot be directed: this program is being directed itself");
    holds(&said, "`cargo xtask outcomes knotted/hand-over` shows what free runs print");
}

fn what_is_not_directed_says_why(course: &Course) {
    let undirected = "undirected = { hand-over = \"it measures time\" }\nexplored";
    course.edit("lessons/knotted/Cargo.toml", "explored", undirected);
    let said = stdout(&course.xtask(["play", "knotted/hand-over", "--script", "0"]).success());
    let says = "knotted/hand-over is not directed: it measures time\n\
                `cargo xtask outcomes knotted/hand-over` shows what free runs print\n\
                you can play knotted/tie, knotted/full\n";
    assert_eq!(said, says);
}
