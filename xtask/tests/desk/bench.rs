//! Benchmarks of a course whose programs print fixed figures without measuring.

use assert_cmd::Command;
use assert_cmd::assert::Assert;

use crate::course::{Course, XTASK, holds, stderr, stdout, xtask};

const MANIFEST: &str = "[package]\nname = \"bench\"\nedition = \"2024\"\n\n[workspace]\n\n\
                        [features]\npeers = []\n\n\
                        [[bin]]\nname = \"bench\"\npath = \"bench.rs\"\n\n\
                        [[bin]]\nname = \"peers\"\npath = \"peers.rs\"\nrequired-features = [\"peers\"]\n";

/// The figure is the last line; some programs fail.
const BENCH: &str = r#"
fn main() {
    println!("time: 1 2 3");
    match std::env::args().skip(1).collect::<Vec<_>>().join(" ").as_str() {
        "lock Lock" => println!("60"),
        "lock robust mutex" => println!("100"),
        "lock-2 Lock" => println!("59"),
        "lock-2 robust mutex" => println!("100"),
        "event Event" => println!("1"),
        "event futex" => {
            eprintln!("there is no futex");
            std::process::exit(1);
        }
        other => panic!("{other}"),
    }
}
"#;

const PEERS: &str = "fn main() { println!(\"200\") }\n";

/// A course with its own programs to measure.
fn course() -> Course {
    let course = Course::new();
    course.write("xtask/bench/programs/Cargo.toml", MANIFEST);
    course.write("xtask/bench/programs/bench.rs", BENCH);
    course.write("xtask/bench/programs/peers.rs", PEERS);
    course.write("xtask/bench/programs/python/main.py", "print(30)\n");
    course
}

/// Measures one operation, with a target folder that only this course uses.
fn bench<'a>(course: &Course, words: impl IntoIterator<Item = &'a str>) -> Assert {
    let mut command = Command::new(XTASK);
    command.current_dir(course.path("")).env("CARGO_TARGET_DIR", course.path("target"));
    command.env("PYTHON", "no-such-python").arg("bench").args(words).assert()
}

#[test]
fn each_line_of_json_has_the_promised_keys_and_what_is_absent_is_null() {
    let course = course();
    let assert = bench(&course, ["lock", "--format", "json", "--quick"]).success();
    assert_eq!(
        stdout(&assert),
        "{\"operation\":\"lock\",\"unit\":\"locks/s\",\"ours\":60.0,\"python\":null,\"rust_peer\":200.0,\
         \"limit\":100.0,\"ratio_to_python\":null,\"ratio_to_rust_peer\":0.3,\"ratio_to_limit\":0.6,\
         \"goal\":\"at least 0.6 × robust mutex\",\"met\":true}\n"
    );
    holds(&stderr(&assert), "lock: skipped mp.Lock: no-such-python is not installed\n");
}

#[test]
fn a_goal_that_is_missed_is_named_and_one_that_nobody_knows_is_not_met() {
    let course = course();
    let text = stdout(&bench(&course, ["lock-2", "--quick"]).code(1));
    holds(&text, "  limit   robust mutex       100     0.59 ×  █");
    holds(&text, "  goal    at least 0.6 × robust mutex: fell short\n");
    holds(&text, "\n0 goals met, 1 fell short: lock-2\n");
    let text = stdout(&bench(&course, ["event", "--rounds", "2"]).code(1));
    holds(&text, "  limit   futex       skipped: there is no futex\n");
    holds(&text, "\n0 goals met, 1 not judged: event\n");
}

#[test]
fn peers_that_cannot_be_built_are_skipped_by_name() {
    let course = course();
    course.edit("xtask/bench/programs/peers.rs", "println", "print_line");
    let text = stdout(&bench(&course, ["lock", "--quick"]).success());
    holds(
        &text,
        "  rust    parking_lot   skipped: cannot be built: error: cannot find macro `print_line`",
    );
    holds(&text, "\n1 goal met\n");
    assert!(!text.contains('\u{1b}'), "colours are for terminals:\n{text}");
    course.edit("xtask/bench/programs/bench.rs", "println", "print_line");
    holds(
        &stderr(&bench(&course, ["lock", "--quick"]).code(1)),
        "xtask/bench/programs does not build, see above",
    );
}

#[test]
fn a_wrong_question_is_told_apart_from_a_goal_missed() {
    let course = Course::new();
    for (words, part) in [
        (["bench", "lok"], "no operation is called `lok`; did you mean `lock`?"),
        (["bench", "xyz"], "no operation is called `xyz`; there are: process, pool, pool-map"),
        (["bench", "--rounds=0"], "0 is not in 1..=100"),
        (["bench", "--format=xml"], "possible values: human, json"),
    ] {
        holds(&stderr(&xtask(&course.path(""), words).code(2)), part);
    }
}

#[test]
fn list_names_all_operations_and_measures_nothing() {
    Course::new().screen("bench-list", ["bench", "--list"]).success();
}
