//! How a report explains a rule that does not hold.

use super::*;

#[test]
fn a_rule_at_a_line() {
    let text = "for i in 1..=3\n  t{i} | {i} starts\n  t{i} | {i} ends\n\nalways \"starts\" - \"ends\" <= 2\n";
    let lines = ["1 starts", "2 starts", "3 starts", "1 ends", "2 ends", "3 ends"];
    explains(
        text,
        &lines,
        "RULE    at output line 3: \"starts\" - \"ends\" is 3, but must be <= 2 (t.txt:5)",
    );
    assert_eq!(rejected(text, &lines).faults[0].output_lines, [3]);
}

#[test]
fn a_rule_for_each_value() {
    let text =
        "for n in 1..=4\n  lock | thread {t:1..=2} sets {n}\n\nfinally \"thread {t} sets\" == 2\n";
    explains(
        text,
        &["thread 1 sets 1", "thread 1 sets 2", "thread 1 sets 3", "thread 2 sets 4"],
        "RULE    at the end: \"thread {t} sets\" is 3 with t = 1, but must be == 2 (t.txt:4)",
    );
}

#[test]
fn a_rule_about_measured_values() {
    explains(
        "a | {one:secs} s\na | then {two:secs} s\nfinally {one} < {two}\n",
        &["3.0 s", "then 2.5 s"],
        "RULE    at the end: {one} is 3, but must be < 2.5 ({two}) (t.txt:3)",
    );
}

#[test]
fn a_rule_that_counts_lines_against_a_printed_number() {
    let text = "m | {n:int} tasks\nm | start 1\nm | start 2\nfinally \"start\" == {n}\n";
    explains(
        text,
        &["5 tasks", "start 1", "start 2"],
        "RULE    at the end: \"start\" is 2, but must be == 5 ({n}) (t.txt:4)",
    );
    let transcript = Transcript::parse("t.txt", text).expect("a transcript");
    let verdict = transcript.judge("2 tasks\nstart 1\nstart 2\n", Timing::Judged);
    assert!(matches!(verdict, Verdict::Accepted(_)), "{verdict:?}");
}

#[test]
fn a_rule_whose_text_contains_its_sign() {
    explains(
        "a | x <= y\na | x <= y\nalways \"x <= y\" <= 1\n",
        &["x <= y", "x <= y"],
        "RULE    at output line 2: \"x <= y\" is 2, but must be <= 1 (t.txt:3)",
    );
}

#[test]
fn a_rule_of_a_loop_is_one_fault() {
    explains(
        "for i in 1..=3\n  a | {i}\n  always \"{i}\" <= 0\n",
        &["1", "2", "3"],
        "RULE    at output line 1: \"{i}\" is 1 with i = 1, but must be <= 0, and likewise in 2 more turns (t.txt:3)",
    );
}
