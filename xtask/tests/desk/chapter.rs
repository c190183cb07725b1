//! The life of a new chapter: new, check, audit, a flaw that is too weak, bless. Each test builds one.

use crate::course::{Course, holds, stderr, stdout};

/// The line that the planted flaw moves.
const JOIN: &str = "    worker.join().expect(\"work does not panic\");\n";

#[test]
fn a_new_chapter_passes_everything() {
    let course = Course::with("first-day");
    course.xtask(["tidy"]).success();
    course.xtask(["check", "first-day"]).success();
    let audit = stdout(&course.xtask(["audit", "--broken"]).success());
    holds(&audit, "1 transcript, 1 part: 1 forbid orders");
    holds(&audit, "lessons/first-day/broken/hand-over.late-join.patch: caught in run ");
    holds(&audit, "1 flaw planted: 1 caught");
    let played =
        stdout(&course.xtask(["run", "first-day", "hand-over", "--", "--speed", "20"]).success());
    holds(&played, "main: the worker is done");
    holds(
        &stderr(&course.xtask(["run", "first-day", "--", "--sped", "20"]).code(2)),
        "no option --sped: the options are --speed",
    );
}

#[test]
fn what_does_not_compile_is_told_to_people_and_to_programs() {
    let course = Course::with("torn");
    course.edit("lessons/torn/src/main.rs", "worker.join()", "worker.jion()");
    course.xtask(["new", "whole", "Does it go on?"]).success();
    course.screen("check-not-compiled", ["check", "--thorough"]).code(1);
    let json = stdout(&course.xtask(["check", "torn", "--format", "json"]).code(1));
    let object: serde_json::Value = serde_json::from_str(json.lines().next().unwrap()).unwrap();
    assert_eq!([&object["outcome"], &object["cause"]], ["failed", "NOT COMPILED"]);
    let message = object["message"].as_str().unwrap();
    assert!(message.starts_with("error[E0599]"), "colours for a program: {message:?}");
    let audit = stdout(&course.xtask(["audit", "--broken"]).code(1));
    holds(&audit, "lessons/torn/broken/hand-over.late-join.patch: not tried: does not apply: ");
    holds(&audit, "lessons/whole/broken/hand-over.late-join.patch: caught in run ");
    holds(&audit, "2 flaws planted: 1 caught");
    // Neither a crate nor the compiler caused this.
    course.edit("lessons/torn/Cargo.toml", "shared.workspace", "nowhere.workspace");
    holds(&stderr(&course.xtask(["check"]).code(2)), "nowhere");
}

#[test]
fn a_flaw_that_is_not_caught_as_quoted_fails_the_audit() {
    let course = Course::with("flawed");
    let patch = course.read("lessons/flawed/broken/hand-over.late-join.patch");
    let plant = |name: &str, old: &str, new: &str| {
        assert!(patch.contains(old));
        course.write(
            &format!("lessons/flawed/broken/hand-over.{name}.patch"),
            &patch.replace(old, new),
        );
    };
    plant("stale", "started a worker", "began a worker");
    plant("no-rust", &format!("+{JOIN}"), "+    worker.jion();\n");
    course.write("lessons/flawed/broken/hand-over.none.patch", &harmless(&patch));
    plant("unquoted", JOIN, JOIN);
    course.screen("audit-broken", ["audit", "--broken"]).code(1);
    // --fix does not write quotations that the README does not have.
    let page = course.read("lessons/flawed/README.md");
    course.xtask(["audit", "--broken", "--fix"]).code(1);
    assert_eq!(course.read("lessons/flawed/README.md"), page);
}

/// The patch with a change that no output shows.
fn harmless(patch: &str) -> String {
    let [out, back] = ['-', '+'].map(|sign| format!("{sign}{JOIN}"));
    let reworded = back.replace("work does not", "it does not");
    patch.replace(&back, "").replace(&out, &(out.clone() + &reworded))
}

#[test]
fn audit_fix_restores_a_quotation() {
    const README: &str = "lessons/quoted/README.md";
    let course = Course::with("quoted");
    let page = course.read(README);
    course.edit(README, "but must come after it", "and so what");
    holds(&stdout(&course.xtask(["audit", "--broken"]).code(1)), "misquoted");
    course.xtask(["audit", "--broken", "--fix"]).success();
    assert_eq!(course.read(README), page);
}

#[test]
fn bless_rewrites_literal_text_and_drafts_what_is_missing() {
    const MAIN: &str = "lessons/blessed/src/main.rs";
    const TRANSCRIPT: &str = "lessons/blessed/transcripts/hand-over.txt";
    let course = Course::with("blessed");
    let good = course.read(TRANSCRIPT);
    course.screen("bless-unchanged", ["bless"]).success();
    assert_eq!(course.read(TRANSCRIPT), good);
    course.edit(MAIN, "the worker is done", "the worker has ended");
    course.screen("bless-rewrote", ["bless", "blessed/hand-over"]).success();
    assert_eq!(course.read(TRANSCRIPT), good.replace("the worker is done", "the worker has ended"));

    course.edit(MAIN, "    println!(\"worker: begins\");\n", "");
    course.edit(MAIN, "    Ok(())\n", "    println!(\"1\\n2\");\n    Ok(())\n");
    course.screen("bless-left-out", ["bless"]).code(1);

    std::fs::remove_file(course.path(TRANSCRIPT)).unwrap();
    course.screen("bless-nothing", ["bless"]).code(1);
    course.screen("check-no-transcript", ["check", "blessed/hand-over"]).code(1);
    course.screen("bless-record", ["bless", "--record", "5"]).success();
    let draft = course.read(TRANSCRIPT);
    assert!(draft.starts_with("$ lesson-blessed hand-over\n"), "{draft}");
    holds(&draft, "worker: ends\n");
    course.xtask(["check", "blessed/hand-over"]).success();
}

#[test]
fn a_flaw_that_takes_the_flaw_away_is_caught_by_what_is_unseen() {
    const README: &str = "lessons/tamed/README.md";
    const DONE: &str = "println!(\"main: the worker is done\");";
    let course = Course::with("tamed");
    let patch = course.read("lessons/tamed/broken/hand-over.late-join.patch");
    let total = |n: u32| format!("println!(\"main: the total is {{}}\", {n});");
    course.edit("lessons/tamed/src/main.rs", DONE, &total(3));
    course.edit(
        "lessons/tamed/transcripts/hand-over.txt",
        "main   | main: the worker is done\n",
        "main   | main: the total is {total:int}\nseen {total} < 5 in 12 runs\n",
    );
    // Another flaw, which changes the total, and that README.md quotes.
    let [out, back] = [format!("-    {}\n", total(3)), format!("+    {}\n", total(5))];
    let kept = format!(" {JOIN}");
    let moved = format!("     {DONE}\n+{JOIN}");
    assert!(patch.contains(&format!("-{JOIN}{moved}")));
    course.write(
        "lessons/tamed/broken/hand-over.locked.patch",
        &patch.replace(&format!("-{JOIN}{moved}"), &format!("{kept}{out}{back}")),
    );
    std::fs::remove_file(course.path("lessons/tamed/broken/hand-over.late-join.patch")).unwrap();
    course.edit(README, "<!-- says: hand-over late-join -->", "<!-- says: hand-over locked -->");

    holds(&stdout(&course.xtask(["audit", "--broken"]).code(1)), "misquoted");
    course.xtask(["audit", "--broken", "--fix"]).success();
    holds(
        &course.read(README),
        "```text\nUNSEEN  {total} < 5 in none of 12 runs; nearest: {total} was 5 in 12 of 12\n",
    );
    course.screen("audit-unseen", ["audit", "--broken"]).success();
    // Without the rule nothing catches it.
    course.edit("lessons/tamed/transcripts/hand-over.txt", "seen {total} < 5 in 12 runs\n", "");
    holds(&stdout(&course.xtask(["audit", "--broken"]).code(1)), "not caught in 10 runs");
}
