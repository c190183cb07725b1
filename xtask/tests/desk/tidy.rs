//! `tidy`, by breaking a tidy course in one place at a time.

use std::fs;

use crate::course::{Course, holds, stderr, stdout};

const README: &str = "lessons/pool/README.md";
const MAIN: &str = "lessons/pool/src/main.rs";

#[test]
fn a_new_chapter_is_tidy() {
    let course = Course::with("pool");
    assert_eq!(stdout(&course.xtask(["tidy"]).success()), "tidy: 1 chapter\n");
}

/// Edits one file of a tidy course and expects one finding.
#[test]
fn every_rule_has_its_finding() {
    let long = "// A line.\n".repeat(60);
    let idea = format!("## The idea\n\n{}", "word ".repeat(151));
    for (file, old, new, finding) in [
        (
            README,
            "# What is it good for?",
            "# What else?",
            "README.md:1: another question than Cargo.toml's",
        ),
        (MAIN, "//! What is it good for?", "//! What else?", "main.rs:1: another question"),
        (README, "## Surprises", "## Oddities", "sections out of order"),
        (README, "## The idea", &idea, "the idea takes"),
        (README, "**Watch for**", "Watch for", "lacks **Watch for** at its place"),
        (
            README,
            "### `hand-over`",
            "### `hand-out`",
            "a section about `hand-out`, which is no scene",
        ),
        (README, "### `hand-over`", "### `hand-out`", "no section about `hand-over`"),
        (
            README,
            "<summary>Answer</summary>Either",
            "</details><details>Either",
            "4 answers folded",
        ),
        (README, "is given away", "is simply given away", "README.md:3: `simply` helps nobody"),
        (README, "the work is given away", "the jobs are given away", "`jobs` is called `tasks`"),
        (
            README,
            "refused/join_twice.rs",
            "refused/it.rs",
            "join_twice.rs:1: README.md does not speak of it",
        ),
        (README, "<!-- lanes: hand-over -->", "<!-- lane: hand-over -->", "did you mean `lanes`?"),
        (
            README,
            "<!-- lanes: hand-over -->",
            "<!-- lanes: hand-out -->",
            "no scene of pool is called `hand-out`",
        ),
        (
            README,
            "3 legal outputs",
            "4 legal outputs",
            "stale: `cargo xtask tidy --fix` rewrites it",
        ),
        (
            README,
            "says: hand-over late-join",
            "says: hand-over no-join",
            "quotes no flaw: broken/hand-over.no-join.patch",
        ),
        (
            README,
            "says: hand-over late-join",
            "says: hand-over no-join",
            "late-join.patch:1: not quoted in README.md",
        ),
        ("README.md", "| 20 |", "| 30 |", "README.md:3: stale"),
        ("README.md", "<!-- lessons -->", "<!-- a remark -->", "without a block before it"),
        (MAIN, "/// Whoever joins", "// Whoever joins", "`hand-over` claims nothing"),
        (MAIN, "fn main()", &format!("{long}fn main()"), "at most 60: find the noun"),
        (MAIN, "\"hand-over\"", "\"HandOver\"", "`HandOver` is no scene's name"),
        (
            MAIN,
            "\"hand-over\"",
            "\"hand-in\"",
            "no transcript: `cargo xtask bless --record 20` drafts transcripts/hand-in.txt",
        ),
        (
            MAIN,
            "\"hand-over\"",
            "\"hand-in\"",
            "no planted flaw: write broken/hand-in.<flaw>.patch",
        ),
        (
            MAIN,
            "\"hand-over\"",
            "\"hand-in\"",
            "hand-over.txt:1: no scene is called `hand-over`; did you mean `hand-in`?",
        ),
        (MAIN, ", hand_over)", ", handover)", "no function `handover`"),
        (MAIN, "lesson::run(", "lesson::walk(", "main.rs:1: no scene table"),
        (
            "lessons/pool/transcripts/hand-over.txt",
            "$ lesson-pool hand-over",
            "$ lesson-pool hand",
            "another command than its name says",
        ),
        ("lessons/pool/refused/join_twice.rs", "// error[E0382]", "// E0382", "expects no error"),
        (
            "lessons/pool/Cargo.toml",
            "[dependencies]",
            "[dependencies]\nlesson-fork = \"1\"",
            "imports lesson-fork, which it must not know",
        ),
        (
            "lessons/pool/Cargo.toml",
            "[dependencies]",
            "[dev-dependencies]\ntranscript = \"1\"",
            "imports transcript",
        ),
        (
            "lessons/pool/Cargo.toml",
            "[lints]\nworkspace = true",
            "[lints.rust]\nunsafe_code = \"allow\"",
            "pool/Cargo.toml:1: without the house's lints, unsafe code would go unnoticed",
        ),
    ] {
        let course = Course::with("pool");
        course.edit(file, old, new);
        let found = course.xtask(["tidy"]);
        holds(&stdout(&found), finding);
        found.code(1);
    }
}

#[test]
fn strange_files_and_folders_are_found() {
    for (file, text, finding) in [
        ("tools/x", "", "tools:1: a folder of the top level"),
        (
            "lessons/pool/broken/other.flaw.patch",
            "",
            "other.flaw.patch:1: no scene is called `other`",
        ),
        ("lessons/pool/src/long.rs", &"\n".repeat(81), "long.rs:81: 81 lines, at most 80"),
        ("xtask/bench/src/long.rs", &"\n".repeat(301), "bench/src/long.rs:301: 301 lines"),
        ("shared/src/long.rs", &"\n".repeat(301), "shared/src/long.rs:301: 301 lines, at most 300"),
    ] {
        let course = Course::with("pool");
        course.write(file, text);
        holds(&stdout(&course.xtask(["tidy"]).code(1)), finding);
    }
    let course = Course::with("pool");
    fs::rename(course.path("lessons/pool"), course.path("lessons/2-pool")).unwrap();
    course.edit("Cargo.toml", "\"pool\"", "\"2-pool\"");
    holds(&stderr(&course.xtask(["tidy"]).code(2)), "must be called lesson-2-pool");
    course.edit("lessons/2-pool/Cargo.toml", "lesson-pool", "lesson-2-pool");
    holds(
        &stdout(&course.xtask(["tidy"]).code(1)),
        "lessons/2-pool:1: a number in a folder's name",
    );

    let course = Course::with("pool");
    course.write("lessons/pool/broken/nameless.patch", "");
    holds(&stdout(&course.xtask(["tidy"]).code(1)), "a flaw's file is called <scene>.<flaw>.patch");
    fs::remove_file(course.path("lessons/pool/README.md")).unwrap();
    fs::remove_file(course.path("lessons/pool/broken/nameless.patch")).unwrap();
    holds(&stdout(&course.xtask(["tidy"]).code(1)), "README.md:1: cannot read");
}

#[test]
fn fix_rewrites_what_is_generated_and_nothing_else() {
    let course = Course::with("pool");
    let (page, table) = (course.read(README), course.read("README.md"));
    course.edit(README, "3 legal outputs", "4 legal outputs");
    course.edit(README, "fn work()", "fn toil()");
    course.edit("README.md", "| 20 |", "| 30 |");
    course.xtask(["tidy"]).code(1);
    course.xtask(["tidy", "--fix"]).success();
    assert_eq!((course.read(README), course.read("README.md")), (page, table));
    course.edit(README, "is given away", "is just given away");
    course.xtask(["tidy", "--fix"]).code(1);
    holds(&course.read(README), "is just given away");
}

#[test]
fn new_refuses_what_is_no_chapter() {
    let course = Course::with("pool");
    let refuse = |name, question| stderr(&course.xtask(["new", name, question]).code(2));
    holds(&refuse("pool", "Why?"), "lessons/pool exists already");
    holds(&refuse("5-pool", "Why?"), "`5-pool` is no chapter's name");
    holds(&refuse("../x", "Why?"), "no chapter's name");
    holds(&refuse("fork", "Because."), "`Because.` is no question");
    assert!(!course.path("lessons/fork").exists());
    course.xtask(["new", "fork", "Why \"two\"?"]).success();
    course.xtask(["tidy"]).success();
}
