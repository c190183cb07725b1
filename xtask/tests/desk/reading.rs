//! The commands that only read: list, show, verify, doctor; and wrong names.

use std::fs;
use std::path::Path;

use crate::course::{Course, XTASK, holds, stderr, stdout, xtask};

const FORK: &str = "$ demo\nparent | about to fork\nparent -> child\nchild | {c:pid}: hello\nparent | forked {c}\n";

#[test]
fn list_shows_chapters_and_scenes_in_reading_order() {
    let course = Course::with("pool");
    course.xtask(["new", "fork", "What does it mean?"]).success();
    course.edit("lessons/fork/src/main.rs", "\"hand-over\"", "\"hand-over --workers 3\"");
    let text = stdout(&course.xtask(["list"]).success());
    assert_eq!(
        text,
        "A part\n 1  pool: What is it good for? (6 minutes)\n      pool/hand-over\n \
         2  fork: What does it mean? (6 minutes)\n      fork/hand-over --workers 3\n\
         2 chapters, 12 minutes; `cargo xtask run CHAPTER` plays one\n"
    );
    let table = stdout(&course.xtask(["list", "--markdown"]).success());
    holds(&table, "| | **A part** | | 12 |\n| 1 | [pool]");
    holds(&table, "| 2 | [fork](lessons/fork/README.md) | What does it mean? | 6 |");
    holds(&course.read("README.md"), &table);
}

#[test]
fn a_part_has_a_heading_and_the_numbers_go_on() {
    let course = Course::with("pool");
    course.edit("Cargo.toml", "[\"pool\"] }", "[\"pool\"] }, { title = \"Next\", chapters = [] }");
    course.xtask(["new", "fork", "What does it mean?"]).success();
    let text = stdout(&course.xtask(["list"]).success());
    holds(&text, "      pool/hand-over\nNext\n 2  fork: What does it mean?");
    let table = stdout(&course.xtask(["list", "--markdown"]).success());
    holds(&table, "| 6 |\n| | **Next** | | 6 |\n| 2 | [fork]");
}

#[test]
fn a_wrong_part_says_what_is_wrong() {
    let course = Course::with("pool");
    let manifest = course.read("Cargo.toml");
    let form = "Cargo.toml: parts in [workspace.metadata.lessons] must be a list of { title";
    let twice = "the reading order names pool twice";
    for (parts, message) in [
        ("7", form),
        (r#"["pool"]"#, form),
        (r#"[{ chapters = ["pool"] }]"#, form),
        (r#"[{ title = "", chapters = ["pool"] }]"#, form),
        (r#"[{ title = "One | two", chapters = ["pool"] }]"#, form),
        (r#"[{ title = "One" }]"#, form),
        (r#"[{ title = "One", chapters = [7] }]"#, form),
        (r#"[{ title = "One", chapters = ["pool", "pool"] }]"#, twice),
        (
            r#"[{ title = "One", chapters = ["pool"] }, { title = "Two", chapters = ["pool"] }]"#,
            twice,
        ),
        (r#"[{ title = "One", chapters = [] }]"#, "lessons/pool has no place in the reading order"),
    ] {
        course.edit("Cargo.toml", r#"[{ title = "A part", chapters = ["pool"] }]"#, parts);
        holds(&stderr(&course.xtask(["list"]).code(2)), message);
        course.write("Cargo.toml", &manifest);
    }

    let empty = Course::new();
    empty.edit("Cargo.toml", "[{ title = \"A part\", chapters = [] }]", "[]");
    let refused = empty.xtask(["new", "pool", "What is it good for?"]).code(2);
    holds(&stderr(&refused), "Cargo.toml has no part for the chapter");
    assert!(!empty.path("lessons/pool").exists());
}

#[test]
fn a_wrong_name_is_a_wrong_question() {
    let course = Course::with("pool");
    for (words, part) in [
        (["show", "pol/hand-over"], "no chapter is called `pol`; did you mean `pool`?"),
        (
            ["show", "pool/hand-ovr"],
            "no scene of pool is called `hand-ovr`; did you mean `hand-over`?",
        ),
        (["audit", "pool/xyz"], "no scene of pool is called `xyz`; there are: hand-over"),
        (["check", "zzz"], "no chapter is called `zzz`; there are: pool"),
        (["run", "polo"], "no chapter is called `polo`; did you mean `pool`?"),
        (
            ["audit", "hand-over"],
            "no chapter is called `hand-over`, but a scene is: write pool/hand-over",
        ),
        (
            ["diff", "pool/refused/join_twice"],
            "`pool/refused/join_twice` is not a scene: write CHAPTER/SCENE",
        ),
        (["read", "polo"], "no chapter is called `polo`; did you mean `pool`?"),
        (["read", "pool/hand-ovr"], "no scene of pool is called `hand-ovr`"),
        (["read", "pool/refused"], "`pool/refused` is not a scene: write CHAPTER/SCENE"),
        (["bless", "pool/refused"], "`pool/refused` is not a scene"),
        (["audit", "pool/refused"], "`pool/refused` is not a scene"),
        (["show", "hand-ovr.txt"], "cannot read hand-ovr.txt: No such file"),
        (["restore", "pool"], "no flaw of pool"),
        (["check", "--runs=0"], "0 is not in 1..=10000"),
        (["chekc", ""], "a similar subcommand exists: 'check'"),
    ] {
        holds(&stderr(&course.xtask(words).code(2)), part);
    }
}

#[test]
fn a_broken_course_says_where() {
    let course = Course::with("pool");
    course.edit("lessons/pool/Cargo.toml", "minutes = 6", "minutes = \"long\"");
    holds(
        &stderr(&course.xtask(["list"]).code(2)),
        "lessons/pool/Cargo.toml: [package.metadata.lesson] needs minutes",
    );
    course.edit("lessons/pool/Cargo.toml", "minutes = \"long\"", "minutes = 6");
    let manifest = "lessons/pool/Cargo.toml";
    course.edit(manifest, "needs = []", "needs = []\ndeadline = 9223372036854775807");
    holds(&stderr(&course.xtask(["list"]).code(2)), "needs deadline = a whole number of seconds");
    course.edit(manifest, "\ndeadline = 9223372036854775807", "");
    course.edit(manifest, "[package]", "[packages]");
    holds(&stderr(&course.xtask(["list"]).code(2)), "must be called lesson-pool");
    course.edit(manifest, "[packages]", "[package]");
    course.edit("lessons/pool/src/main.rs", "lesson::run(", "lesson::walk(");
    holds(&stderr(&course.xtask(["list"]).code(2)), "lessons/pool/src/main.rs: no scene table");
    course.edit("Cargo.toml", "\"pool\"", "");
    holds(
        &stderr(&course.xtask(["list"]).code(2)),
        "lessons/pool has no place in the reading order",
    );
    course.edit("Cargo.toml", "chapters = []", "chapters = [\"ghost\"]");
    holds(&stderr(&course.xtask(["list"]).code(2)), "lessons/ghost/Cargo.toml does not exist");
    holds(&stderr(&xtask(Path::new("/"), ["list"]).code(2)), "no course around /");
}

#[test]
fn verify_judges_any_two_files_anywhere() {
    let course = Course::new();
    course.write("t.txt", FORK);
    course.write("bad.txt", "$ demo\nparent > about to fork\n");
    course.write("good.out", "about to fork\n41: hello\nforked 41\n");
    course.write("wrong.out", "41: hello\nabout to fork\nforked 41\n");
    course.screen("verify-accepted", ["verify", "t.txt", "good.out"]).success();
    course.screen("verify-rejected", ["verify", "t.txt", "wrong.out"]).code(1);
    course.screen("verify-bad", ["verify", "bad.txt", "good.out"]).code(2);

    let folder = tempfile::tempdir().unwrap();
    fs::copy(course.path("t.txt"), folder.path().join("t.txt")).unwrap();
    fs::write(folder.path().join("bytes.out"), b"about to fork\n\xff\n").unwrap();
    let verify = |words: [&str; 2]| xtask(folder.path(), ["verify"].into_iter().chain(words));
    holds(&stderr(&verify(["t.txt", "none.out"]).code(2)), "cannot read none.out");
    holds(
        &stderr(&verify(["t.txt", "bytes.out"]).code(2)),
        "bytes.out:2: not text: byte 14 is not UTF-8",
    );
    holds(&stderr(&verify(["-", "-"]).code(2)), "only one of the two can be standard input");
}

#[test]
fn verify_runs_a_program_and_judges_its_exit_status_too() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("t.txt"), "$ demo\nexits 3\na | one\n").unwrap();
    let verify = |script: &str| xtask(folder.path(), ["verify", "t.txt", "--", "sh", "-c", script]);
    holds(&stdout(&verify("echo one; exit 3").code(0)), "accepted: 1 legal output");
    holds(&stdout(&verify("echo one").code(1)), "EXIT STATUS  0; expected 3");
    holds(&stdout(&verify("echo two; exit 3").code(1)), "STRAY");
    holds(&stdout(&verify("sleep 100 & echo one; exit 3").code(1)), "LEFT BEHIND");
    holds(&stderr(&xtask(folder.path(), ["verify", "t.txt"]).code(2)), "OUTPUT");
    let missing = xtask(folder.path(), ["verify", "t.txt", "--", "no-such-program"]).code(2);
    holds(&stderr(&missing), "no-such-program");
}

#[test]
fn verify_reads_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("t.txt"), FORK).unwrap();
    let mut command = assert_cmd::Command::new(XTASK);
    command.current_dir(folder.path()).args(["verify", "t.txt", "-"]);
    command.write_stdin("about to fork\nforked 41\n41: hello\n").assert().code(0);
    command.write_stdin("forked 41\n41: hello\n").assert().code(1);
}

#[test]
fn show_explains_a_scene_or_a_file() {
    let course = Course::with("pool");
    course.screen("show-scene", ["show", "pool/hand-over"]).success();
    course.write("t.txt", FORK);
    course.screen("show-file", ["show", "t.txt"]).success();
    course.write("bad.txt", "$ demo\nparent > about to fork\n");
    course.screen("show-file-bad", ["show", "bad.txt"]).code(2);
}

#[test]
fn doctor_says_what_is_missing() {
    let course = Course::with("pool");
    course.screen("doctor", ["doctor"]).success();
    course.edit("lessons/pool/Cargo.toml", "needs = []", "needs = [\"lnux\"]");
    holds(
        &stderr(&course.xtask(["doctor"]).code(2)),
        "no need is called `lnux`; did you mean `linux`?",
    );
    course.edit("Cargo.toml", "rust-version = \"1.95\"", "rust-version = \"9.1\"");
    course.edit("lessons/pool/Cargo.toml", "lnux", "linux");
    course.screen("doctor-lacks", ["doctor"]).code(1);
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let course = Course::with("pool");
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = std::process::Command::new(XTASK);
    let output = command.current_dir(course.path(".")).arg("list").stdout(writer).output().unwrap();
    assert_eq!(output.status.code(), Some(141));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
