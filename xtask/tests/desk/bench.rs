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
        (["bench", "--chapters=x"], "unexpected value 'x' for '--chapters'"),
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

const RATIOS: &str = "
[package.metadata.lesson.ratios]
hand-over = [
    { what = \"time: slow ÷ fast\", of = \"slow:\", to = \"fast:\" },
    { what = \"workers\", of = \"slow:\", number = 2 },
]
";

/// A tidy course whose chapter quotes two ratios. Its scene prints fixed figures.
fn quoting(chapter: &str) -> Course {
    let course = Course::with(chapter);
    let file = |name: &str| format!("lessons/{chapter}/{name}");
    for name in ["src/main.rs", "transcripts/hand-over.txt"] {
        course.edit(&file(name), "main: started a worker", "slow: 6.0 ms, 1 worker");
        course.edit(&file(name), "main: the worker is done", "fast: 2.0 ms");
    }
    course.edit(&file("Cargo.toml"), "\n[dependencies]", &format!("{RATIOS}\n[dependencies]"));
    let heading = "## In the real world";
    let block = format!("<!-- ratios -->\n<!-- end -->\n\n{heading}");
    course.edit(&file("README.md"), heading, &block);
    course.xtask(["tidy", "--fix"]);
    course
}

/// The table in the text, without what depends on the machine.
fn table(course: &Course) -> String {
    let text = course.read("lessons/ratios/README.md");
    let (_, rest) = text.split_once("<!-- ratios -->\n").unwrap();
    rest.split("\nMedians").next().unwrap().to_owned()
}

#[test]
fn ratios_are_read_from_scenes_and_written_into_the_text() {
    let course = quoting("ratios");
    let stale = "README.md:117: stale: `cargo xtask bench --chapters ratios --fix` measures it\n";
    holds(&stdout(&course.xtask(["tidy"]).code(1)), stale);
    let list = stdout(&course.xtask(["bench", "--chapters", "--list"]).success());
    assert_eq!(list, "ratios\n  hand-over: time: slow ÷ fast\n  hand-over: workers\n\n");
    let text = stdout(&course.xtask(["bench", "--chapters", "--fix", "--rounds", "2"]).success());
    assert_eq!(
        text,
        "ratios: medians of 2 runs, with the least and the most\n  \
         hand-over  time: slow ÷ fast    3.00   3.00 to 3.00\n  \
         hand-over  workers              1.00   1.00 to 1.00\n\n"
    );
    let written = "| Scene | What is compared | Ratio | Least and most |\n|---|---|---:|---|\n\
                   | `hand-over` | time: slow ÷ fast | 3.00 | 3.00 to 3.00 |\n\
                   | `hand-over` | workers | 1.00 | 1.00 to 1.00 |\n";
    assert_eq!(table(&course), written);
    let sentence = ". `cargo xtask bench --chapters ratios` measures them again.\n";
    holds(&course.read("lessons/ratios/README.md"), sentence);
    course.xtask(["tidy"]).success();

    course.edit(
        "lessons/ratios/Cargo.toml",
        "of = \"slow:\", number = 2",
        "of = \"fast:\", number = 2",
    );
    let text = stdout(&course.xtask(["bench", "--chapters", "ratios", "--format", "json"]).code(1));
    assert_eq!(
        text,
        "{\"chapter\":\"ratios\",\"run\":\"hand-over\",\"what\":\"time: slow ÷ fast\",\
         \"ratio\":3.0,\"least\":3.0,\"most\":3.0,\"rounds\":5}\n\
         {\"chapter\":\"ratios\",\"run\":\"hand-over\",\"what\":\"workers\",\
         \"ratio\":null,\"least\":null,\"most\":null,\"rounds\":5}\n"
    );
    course.edit("lessons/ratios/Cargo.toml", "time: slow", "duration: slow");
    holds(&stdout(&course.xtask(["tidy"]).code(1)), stale);
    let assert = course.xtask(["bench", "--chapters", "--fix", "--rounds", "1"]).code(1);
    let missing = "workers                not measured: no number 2 in the line `fast: 2.0 ms`\n";
    holds(&stdout(&assert), missing);
    holds(&stderr(&assert), "ratios: the text keeps its table, since a ratio is missing\n");
    assert_eq!(table(&course), written);
}

#[test]
fn a_scene_that_fails_or_is_skipped_has_no_ratio() {
    let course = quoting("unmeasured");
    for (end, reason) in [
        ("panic!()", "not measured: EXIT STATUS  101, a panic; expected 0\n"),
        (
            "return Err(lesson::skip(\"there is no clock\"))",
            "not measured: lesson-unmeasured: skipped: there is no clock\n",
        ),
    ] {
        course.edit("lessons/unmeasured/src/main.rs", "    Ok(())", &format!("    {end}"));
        let text = stdout(&course.xtask(["bench", "--chapters", "--rounds", "2"]).code(1));
        assert_eq!(text.matches(reason).count(), 2, "{text}");
        course.edit("lessons/unmeasured/src/main.rs", end, "Ok(())");
    }
}

#[test]
fn wrong_ratios_and_names_are_found_before_anything_is_measured() {
    let course = quoting("claims");
    let question = |words: &[&str], part: &str| {
        holds(&stderr(&course.xtask(words.iter().copied()).code(2)), part);
    };
    question(
        &["bench", "--chapters", "claim"],
        "no chapter is called `claim`; did you mean `claims`?",
    );
    question(&["bench", "--fix"], "--chapters");
    question(&["bench", "--chapters", "--quick"], "cannot be used with");
    course.edit("lessons/claims/Cargo.toml", "of = \"slow:\", to", "of = \"slo\", to");
    let tidy = || stdout(&course.xtask(["tidy", "claims"]).code(1));
    holds(&tidy(), "Cargo.toml:16: no line of `hand-over` begins with `slo`\n");
    course.edit("lessons/claims/Cargo.toml", "hand-over =", "hand-ovr =");
    holds(&tidy(), "Cargo.toml:16: there is no scene `hand-ovr` to read the ratio from\n");
    course.edit("lessons/claims/README.md", "<!-- ratios -->\n<!-- end -->\n", "");
    holds(&tidy(), "README.md:1: no table of the ratios: write <!-- ratios --> and <!-- end -->\n");
    question(
        &["bench", "--chapters", "--fix"],
        "lessons/claims/README.md:1: no place for the ratios: write <!-- ratios -->",
    );
    let manifest = course.read("lessons/claims/Cargo.toml");
    course.edit("lessons/claims/Cargo.toml", ", number = 2", ", number = 0");
    question(&["bench", "--chapters"], "number must be a whole number, from 1");
    let (before, _) = manifest.split_once("[package.metadata.lesson.ratios]").unwrap();
    let (_, after) = manifest.split_once("[dependencies]").unwrap();
    course.write("lessons/claims/Cargo.toml", &format!("{before}[dependencies]{after}"));
    question(&["bench", "--chapters", "claims"], "the text of claims quotes no ratios");
}
