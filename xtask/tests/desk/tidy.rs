//! `tidy` on a tidy course that is broken in one place at a time.

use std::fs;

use crate::course::{Course, holds, stderr, stdout};

pub(super) const README: &str = "lessons/pool/README.md";
pub(super) const MANIFEST: &str = "lessons/pool/Cargo.toml";
const MAIN: &str = "lessons/pool/src/main.rs";

#[test]
fn a_new_chapter_is_tidy() {
    let course = Course::with("pool");
    assert_eq!(stdout(&course.xtask(["tidy"]).success()), "no findings in 1 chapter\n");
}

/// Expects these findings and no others: a part of each, in the order of the report.
#[track_caller]
pub(super) fn finds(course: &Course, parts: &[&str]) {
    finds_in(course, &["tidy"], parts);
}

/// Expects these findings in the chapter pool.
#[track_caller]
pub(super) fn finds_in_pool(course: &Course, parts: &[&str]) {
    finds_in(course, &["tidy", "pool"], parts);
}

#[track_caller]
fn finds_in(course: &Course, words: &[&str], parts: &[&str]) {
    let report = stdout(&course.xtask(words.iter().copied()).code(i32::from(!parts.is_empty())));
    let (findings, sum) = report.trim_end().rsplit_once('\n').unwrap_or(("", report.trim_end()));
    let findings: Vec<&str> = findings.lines().collect();
    assert_eq!(findings.len(), parts.len(), "expected {parts:#?}, found\n{report}");
    for (finding, part) in findings.iter().zip(parts) {
        holds(finding, part);
    }
    assert_eq!(
        sum,
        match parts.len() {
            0 => "no findings in 1 chapter".to_owned(),
            1 => "1 finding".to_owned(),
            count => format!("{count} findings"),
        }
    );
}

/// Edits one file of a tidy course, and expects the findings about that and no others.
#[test]
fn every_rule_has_its_finding() {
    let long = "// A line.\n".repeat(60);
    let cases: &[(&str, &str, &str, &[&str])] = &[
        (MAIN, "//! What is it good for?", "//! What else?", &["main.rs:1: not the question"]),
        (
            README,
            "You have handed",
            "You have simply handed",
            &["README.md:3: `simply` does not help a reader"],
        ),
        (
            README,
            "every program that gives work away",
            "every program that gives jobs away",
            &["README.md:3: `jobs` is called `tasks`"],
        ),
        (
            README,
            "[refused/join_twice.rs](refused/join_twice.rs)",
            "a file",
            &["join_twice.rs:1: README.md does not name it"],
        ),
        (
            README,
            "<!-- lanes: hand-over -->",
            "<!-- lane: hand-over -->",
            &["README.md:73: no kind of block is called `lane`; did you mean `lanes`?"],
        ),
        (
            README,
            "<!-- lanes: hand-over -->",
            "<!-- lanes: hand-out -->",
            &["README.md:73: no scene of pool is called `hand-out`"],
        ),
        (
            README,
            "3 legal outputs",
            "4 legal outputs",
            &["README.md:84: stale: `cargo xtask tidy --fix` rewrites it"],
        ),
        (
            README,
            "says: hand-over late-join",
            "says: hand-over no-join",
            &["README.md:94: no flaw to quote: broken/hand-over.no-join.patch"],
        ),
        (
            MANIFEST,
            "needs = []",
            "needs = []\nundirected.hand-out = \"it measures time\"",
            &["Cargo.toml:1: undirected: no transcript"],
        ),
        ("README.md", "| 6 |", "| 30 |", &["README.md:3: stale"]),
        ("README.md", "<!-- lessons -->", "<!-- a remark -->", &["without a block above it"]),
        (
            MAIN,
            "/// The thread that joins",
            "// The thread that joins",
            &["README.md:36: stale", "main.rs:15: `hand-over` has no doc comment"],
        ),
        (
            MAIN,
            "fn main()",
            &format!("{long}fn main()"),
            &["main.rs:61: 88 lines, at most 60: move a part"],
        ),
        (
            MAIN,
            "\"hand-over\"",
            "\"HandOver\"",
            &[
                "lessons/pool:1: `HandOver` has no planted flaw: write broken/HandOver.<flaw>.patch",
                "lessons/pool:1: `HandOver` has no transcript: `cargo xtask bless --record 20` drafts \
                 transcripts/HandOver.txt",
                "README.md:26: no section about `HandOver`",
                "README.md:30: `cargo xtask break pool/hand-over late-join` does not work: no scene",
                "README.md:34: `hand-over` is not a scene",
                "README.md:36: no scene of pool is called `hand-over`; did you mean `HandOver`?",
                "README.md:58: `cargo run -p lesson-pool -- hand-over` does not work: no scene",
                "README.md:64: no scene of pool is called `hand-over`",
                "README.md:73: no scene of pool is called `hand-over`",
                "README.md:84: no scene of pool is called `hand-over`",
                "README.md:92: `cargo xtask check pool/hand-over` does not work: no scene",
                "late-join.patch:1: no scene is called `hand-over`",
                "main.rs:1: `HandOver` cannot be a scene's name",
                "hand-over.txt:1: no scene is called `hand-over`; did you mean `HandOver`?",
            ],
        ),
        (
            MAIN,
            ", hand_over)",
            ", handover)",
            &["README.md:36: lessons/pool/src/main.rs has no function", "no function `handover`"],
        ),
        (MAIN, "lesson::run(", "lesson::walk(", &["main.rs:1: no scene table"]),
        (
            "lessons/pool/transcripts/hand-over.txt",
            "$ lesson-pool hand-over",
            "$ lesson-pool hand",
            &["hand-over.txt:1: the command does not match"],
        ),
        (
            "lessons/pool/refused/join_twice.rs",
            "// error[E0382]",
            "// E0382",
            &["join_twice.rs:1: names no error"],
        ),
        (
            MANIFEST,
            "[dependencies]",
            "[dependencies]\nlesson-fork = \"1\"",
            &["Cargo.toml:15: depends on lesson-fork, which it must not know"],
        ),
        (
            MANIFEST,
            "[dependencies]",
            "[dev-dependencies]\ntranscript = \"1\"",
            &["Cargo.toml:15: depends on transcript"],
        ),
        (
            MANIFEST,
            "[lints]\nworkspace = true",
            "[lints.rust]\nunsafe_code = \"allow\"",
            &["Cargo.toml:1: without the house's lints, unsafe code would go unnoticed"],
        ),
    ];
    for (file, old, new, parts) in cases {
        let course = Course::with("pool");
        course.edit(file, old, new);
        finds(&course, parts);
    }
}

#[test]
fn strange_files_and_folders_are_found() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("tools/x", "", &["tools:1: a folder at the top level"]),
        (
            "lessons/pool/broken/other.flaw.patch",
            "",
            &["other.flaw.patch:1: no scene is called `other`"],
        ),
        ("lessons/pool/src/long.rs", &"\n".repeat(81), &["long.rs:81: 81 lines, at most 80"]),
        (
            "xtask/bench/src/long.rs",
            &"\n".repeat(381),
            &["bench/src/long.rs:381: 381 lines, at most 380"],
        ),
        (
            "shared/src/long.rs",
            &"\n".repeat(381),
            &["shared/src/long.rs:381: 381 lines, at most 380"],
        ),
        (
            "xtask/bench/programs/src/long.rs",
            &"\n".repeat(381),
            &["programs/src/long.rs:381: 381 lines, at most 380"],
        ),
        (
            "shared/src/wide.rs",
            &format!("// {}\n", "n".repeat(118)),
            &["shared/src/wide.rs:1: a comment of 121 columns, at most 120: break the line"],
        ),
        (
            "xtask/course/tests/wide.rs",
            &format!("    // {}\n", "n".repeat(114)),
            &["course/tests/wide.rs:1: a comment of 121 columns, at most 120"],
        ),
        (
            "lessons/pool/refused/wide.rs",
            &format!("// error[E0382]\n    // {}\n", "é ".repeat(57)),
            &[
                "wide.rs:1: README.md does not name it",
                "wide.rs:2: a comment of 121 columns, at most 120: break the line",
            ],
        ),
    ];
    for (file, text, parts) in cases {
        let course = Course::with("pool");
        course.write(file, text);
        finds(&course, parts);
    }
}

#[test]
fn a_file_that_is_explored_has_rules() {
    let course = Course::with("pool");
    course.edit(MANIFEST, "needs = []", "needs = []\nexplored = [\"src/mutex.rs\"]");
    finds(&course, &["Cargo.toml:13: explored names src/mutex.rs, which does not exist: write"]);
    course.write("lessons/pool/src/mutex.rs", "pub(crate) fn scene(rounds: u32) {}\n");
    finds(&course, &[]);
    course.edit("lessons/pool/src/mutex.rs", "{}", "{\n    std::process::abort()\n}");
    finds(&course, &["src/mutex.rs:2: `std::process::abort` cannot be explored: name only"]);
    course.write("lessons/pool/src/mutex.rs", "pub(crate) fn add(rounds: u32) {}\n");
    course.edit(MAIN, "    println!(\"main: started a worker\");", "    mutex::add(2);");
    let report = stdout(&course.xtask(["tidy"]).code(1));
    holds(
        &report,
        "src/mutex.rs:1: pool/hand-over has no option --rounds, for the argument `rounds`",
    );
}

#[test]
fn the_code_of_a_scene_shows_the_explored_function_that_it_calls() {
    let course = Course::with("pool");
    course.edit(MANIFEST, "needs = []", "needs = []\nexplored = [\"src/mutex.rs\"]");
    course.write(
        "lessons/pool/src/mutex.rs",
        "use shared::Result;\n\npub(crate) fn add(rounds: u32) {\n    once();\n}\n\nfn once() {}\n\nfn never() {}\n",
    );
    course.edit(MAIN, "    println!(\"main: started a worker\");", "    mutex::add(2);");
    course.xtask(["tidy", "--fix"]);
    holds(
        &course.read(README),
        "}\n\npub(crate) fn add(rounds: u32) {\n    once();\n}\n\nfn once() {}\n```\n",
    );
}

#[test]
fn the_list_of_explored_files_names_sources_of_the_chapter() {
    let course = Course::with("pool");
    let manifest = course.read(MANIFEST);
    for (list, part) in [
        ("true", "lessons/pool/Cargo.toml: explored must be a list of strings"),
        ("\"src/mutex.rs\"", "lessons/pool/Cargo.toml: explored must be a list of strings"),
        ("[1]", "lessons/pool/Cargo.toml: explored must be a list of strings"),
        ("[\"mutex.rs\"]", "explored has \"mutex.rs\": name a Rust file of this chapter"),
        ("[\"src/../../fork/src/main.rs\"]", "explored has \"src/../../fork/src/main.rs\": name"),
        ("[\"/src/mutex.rs\"]", "explored has \"/src/mutex.rs\": name"),
        ("[\"src/mutex.txt\"]", "explored has \"src/mutex.txt\": name"),
        ("[\"src\"]", "explored has \"src\": name"),
    ] {
        course.write(
            MANIFEST,
            &manifest.replace("needs = []", &format!("explored = {list}\nneeds = []")),
        );
        holds(&stderr(&course.xtask(["tidy"]).code(2)), part);
    }
}

#[test]
fn a_scene_is_undirected_for_a_reason() {
    let course = Course::with("pool");
    course.edit(MANIFEST, "needs = []", "needs = []\nundirected.hand-over = \" \"");
    holds(&stderr(&course.xtask(["tidy"]).code(2)), "needs undirected = a table of reasons");
}

#[test]
fn a_folders_name_has_no_number() {
    let course = Course::with("pool");
    fs::rename(course.path("lessons/pool"), course.path("lessons/2-pool")).unwrap();
    course.edit("Cargo.toml", "\"pool\"", "\"2-pool\"");
    holds(&stderr(&course.xtask(["tidy"]).code(2)), "must be called lesson-2-pool");
    course.edit("lessons/2-pool/Cargo.toml", "lesson-pool", "lesson-2-pool");
    course.edit("lessons/2-pool/transcripts/hand-over.txt", "lesson-pool", "lesson-2-pool");
    for (old, new) in [("lesson-pool", "lesson-2-pool"), (" pool", " 2-pool")] {
        course.edit("lessons/2-pool/README.md", old, new);
    }
    course.edit("README.md", "lessons/pool", "lessons/2-pool");
    finds(&course, &["README.md:3: stale", "lessons/2-pool:1: a number in a folder's name"]);
}

#[test]
fn a_flaw_without_a_name_and_a_chapter_without_a_text_are_found() {
    let course = Course::with("pool");
    course.write("lessons/pool/broken/nameless.patch", "");
    finds(&course, &["a flaw's file is called <scene>.<flaw>.patch"]);
    fs::remove_file(course.path("lessons/pool/broken/nameless.patch")).unwrap();
    fs::remove_file(course.path("lessons/pool/README.md")).unwrap();
    finds_in_pool(&course, &["README.md:1: cannot read"]);
}

#[test]
fn fix_rewrites_what_is_generated_and_nothing_else() {
    let course = Course::with("pool");
    let (page, table) = (course.read(README), course.read("README.md"));
    course.edit(README, "3 legal outputs", "4 legal outputs");
    course.edit(README, "fn work()", "fn toil()");
    course.edit("README.md", "| 6 |", "| 30 |");
    finds(&course, &["README.md:3: stale", "README.md:36: stale", "README.md:84: stale"]);
    course.xtask(["tidy", "--fix"]).success();
    assert_eq!((course.read(README), course.read("README.md")), (page, table));
    course.edit(README, "gives work away", "just gives work away");
    let mine = course.read(README);
    holds(&stdout(&course.xtask(["tidy", "--fix"]).code(1)), "README.md:3: `just` does not help");
    assert_eq!(course.read(README), mine);
}

#[test]
fn new_refuses_what_is_no_chapter() {
    let course = Course::with("pool");
    let refuse = |name, question| stderr(&course.xtask(["new", name, question]).code(2));
    holds(&refuse("pool", "Why?"), "lessons/pool already exists");
    holds(&refuse("5-pool", "Why?"), "`5-pool` cannot be a chapter's name");
    holds(&refuse("../x", "Why?"), "`../x` cannot be a chapter's name");
    holds(&refuse("fork", "Because."), "`Because.` is not a question");
    assert!(!course.path("lessons/fork").exists());
    course.xtask(["new", "fork", "Why \"two\"?"]).success();
    course.xtask(["tidy"]).success();
}
