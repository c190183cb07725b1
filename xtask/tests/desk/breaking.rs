//! A flaw is planted in a source and taken back, and nothing else changes.

use crate::course::{Course, holds, stderr, stdout, xtask};

#[test]
fn a_flaw_is_shown_planted_caught_and_taken_back() {
    const MAIN: &str = "lessons/planted/src/main.rs";
    let course = Course::with("planted");
    let whole = course.read(MAIN);
    course.screen("break", ["break", "planted/hand-over"]).success();
    assert_eq!(course.read(MAIN), whole, "to look is not to break");

    course.screen("break-planted", ["break", "planted/hand-over", "late-join"]).success();
    assert_ne!(course.read(MAIN), whole);
    holds(&stdout(&course.xtask(["check", "planted/hand-over"]).code(1)), "  ORDER ");

    course.screen("restore", ["restore", "planted/hand-over"]).success();
    assert_eq!(course.read(MAIN), whole);
}

#[test]
fn what_the_reader_wrote_beside_a_flaw_stays() {
    const MAIN: &str = "lessons/beside/src/main.rs";
    let course = Course::with("beside");
    course.xtask(["break", "beside", "hand-over", "late-join"]).success();
    course.edit(MAIN, "//! What is it good for?", "//! What is it good for?\n// Mine.");
    let mine = course.read(MAIN);
    course.xtask(["restore"]).success();
    let restored = course.read(MAIN);
    holds(&restored, "// Mine.");
    assert_ne!(restored, mine);
    course.xtask(["break", "beside/hand-over", "late-join"]).success();
    assert_eq!(course.read(MAIN), mine);
}

#[test]
fn what_cannot_be_planted_or_taken_back_changes_nothing() {
    const MAIN: &str = "lessons/unbroken/src/main.rs";
    let course = Course::with("unbroken");
    let refuse = |words: &[&str], part: &str| {
        let before = course.read(MAIN);
        holds(&stderr(&course.xtask(words.iter().copied()).code(2)), part);
        assert_eq!(course.read(MAIN), before);
    };
    refuse(&["break", "unbroken/hand-over", "late-jion"], "did you mean `late-join`?");
    refuse(&["break", "unbroken/hand-ovr"], "did you mean `hand-over`?");
    refuse(&["restore", "unbroken/hand-over"], "no flaw of unbroken/hand-over");
    course.xtask(["break", "unbroken/hand-over", "late-join"]).success();
    refuse(&["break", "unbroken/hand-over", "late-join"], "late-join is already in the source");
    course.xtask(["restore"]).success();
    course.edit(MAIN, "    worker.join()", "    // Mine.\n    worker.join()");
    refuse(&["break", "unbroken/hand-over", "late-join"], "does not apply: src/main.rs");
}

#[test]
fn every_spelling_of_a_name_is_understood() {
    let course = Course::with("spelled");
    for words in [
        &["run", "spelled/hand-over"][..],
        &["run", "spelled", "hand-over"],
        &["run", "lesson-spelled", "hand-over", "--speed", "50"],
        &["run", "lessons/spelled", "--speed", "50"],
        &["run", "lessons/spelled/", "hand-over", "--", "--speed", "50"],
        &["run", "lessons/spelled/transcripts/hand-over.txt"],
    ] {
        holds(&stdout(&course.xtask(words.iter().copied()).success()), "main: the worker is done");
    }
    for words in [
        &["check", "spelled/hand-over"][..],
        &["check", "spelled", "hand-over"],
        &["check", "lessons/spelled/transcripts/hand-over.txt"],
    ] {
        let checked = stdout(&course.xtask(words.iter().copied()).success());
        holds(&checked, "passed  spelled/hand-over  ");
        holds(&checked, "the arrow attacked\n1 passed, 0 failed in ");
        holds(&checked, "\n1 passed, 0 failed in");
    }
    for words in
        [&["check", "spelled/refused/join_twice"][..], &["check", "lessons/spelled/refused"]]
    {
        let checked = stdout(&course.xtask(words.iter().copied()).success());
        holds(&checked, "passed  spelled/refused/join_twice");
        holds(&checked, "\n1 passed, 0 failed in");
    }
}

#[test]
fn a_refused_snippet_is_shown_with_the_compilers_words() {
    const SNIPPET: &str = "lessons/snippet/refused/join_twice.rs";
    let course = Course::with("snippet");
    // The compiler finds the chapter's dependencies; otherwise it would report another error.
    course.edit(SNIPPET, "use std::thread;", "use std::thread;\n\nuse shared::Result;");
    course.edit(
        SNIPPET,
        "fn main() {",
        "pub fn unused() -> Result<()> {\n    Ok(())\n}\n\nfn main() {",
    );
    let shown = stdout(&course.xtask(["show", "snippet/refused/join_twice"]).success());
    let (source, words) = shown.split_once("\n\nThe compiler\n").unwrap();
    assert_eq!(source, format!("{SNIPPET}\n\n{}", course.read(SNIPPET).trim_end()));
    let errors: Vec<&str> = words.lines().filter(|line| line.starts_with("error[")).collect();
    assert_eq!(errors, ["error[E0382]: use of moved value: `worker`"]);
}

#[test]
fn inside_a_chapter_its_own_paths_are_names() {
    let course = Course::with("inside");
    let inside = course.path("lessons/inside");
    let run = |words: &[&str]| stdout(&xtask(&inside, words.iter().copied()).success());
    holds(&run(&["check", "."]), "2 passed, 0 failed in");
    holds(&run(&["check", "../inside", "hand-over"]), "1 passed, 0 failed in");
    holds(&run(&["check", "transcripts/hand-over.txt"]), "1 passed, 0 failed in");
    holds(&run(&["show", "refused/join_twice.rs"]), "error[E0382]");
}
