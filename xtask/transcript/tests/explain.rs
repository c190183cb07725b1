//! A failed check explains itself.

use std::path::Path;

use transcript::{Fault, FaultKind, Rejected, Timing, Transcript, Verdict};

const FORK: &str = "\
parent | parent {p:pid}: about to fork
parent -> child
parent | parent {p}: forked {c:pid}
child  | child {c}: my parent is {p}
child  | child {c}: exiting with 7
child -> parent
parent | parent {p}: {c} exited with 7
";

const RUN: [&str; 5] = [
    "parent 10: about to fork",
    "parent 10: forked 11",
    "child 11: my parent is 10",
    "child 11: exiting with 7",
    "parent 10: 11 exited with 7",
];

#[track_caller]
fn rejected(text: &str, lines: &[&str]) -> Rejected {
    let transcript = Transcript::parse("t.txt", text).unwrap_or_else(|error| panic!("{error}"));
    match transcript.judge(&lines.join("\n"), Timing::Judged) {
        Verdict::Rejected(rejected) => rejected,
        other => panic!("not rejected: {other:?}"),
    }
}

#[track_caller]
fn explains(text: &str, lines: &[&str], expected: &str) {
    assert_eq!(rejected(text, lines).to_string(), expected);
}

#[test]
fn two_lines_in_the_wrong_order() {
    let lines = [RUN[0], RUN[1], RUN[2], RUN[4], RUN[3]];
    explains(
        FORK,
        &lines,
        "\
ORDER   \"parent 10: 11 exited with 7\" was printed before
        \"child 11: exiting with 7\"    but must come after it: child -> parent (t.txt:6)",
    );
    let lanes = rejected(FORK, &lines).lanes;
    assert_eq!(lanes, [Some(0), Some(0), Some(1), Some(0), Some(1)]);
}

#[test]
fn two_lines_of_one_lane_in_the_wrong_order() {
    explains(
        FORK,
        &[RUN[0], RUN[1], RUN[3], RUN[2], RUN[4]],
        "\
ORDER   \"child 11: exiting with 7\"  was printed before
        \"child 11: my parent is 10\" but must come after it: lane child prints in this order (t.txt:4)",
    );
}

#[test]
fn a_missing_line() {
    explains(
        FORK,
        &RUN[..4],
        "MISSING parent | \"parent 10: 11 exited with 7\": the program ended without it (t.txt:7)",
    );
}

#[test]
fn a_line_of_no_lane() {
    let lines = [RUN[0], RUN[1], RUN[2], RUN[3], "child 12: bye", RUN[4]];
    explains(
        FORK,
        &lines,
        "STRAY   no lane can print \"child 12: bye\"; expected next: parent | \"parent 10: 11 exited with 7\"",
    );
    assert_eq!(rejected(FORK, &lines).faults[0].line, Some(4));
}

#[test]
fn a_doubled_line() {
    explains(
        FORK,
        &[RUN[0], RUN[1], RUN[2], RUN[2], RUN[3], RUN[4]],
        "STRAY   no lane can print \"child 11: my parent is 10\" again: output line 3 is the one expected (t.txt:4)",
    );
}

#[test]
fn a_wrong_value() {
    explains(
        FORK,
        &[RUN[0], RUN[1], "child 11: my parent is 99", RUN[3], RUN[4]],
        "\
STRAY   no lane can print \"child 11: my parent is 99\"; p is 10 (t.txt:4)
MISSING child | \"child 11: my parent is 10\": the program ended without it (t.txt:4)",
    );
}

#[test]
fn one_pid_for_two_processes() {
    explains(
        "a | {a:pid} here\nb | {b:pid} there\n",
        &["5 here", "5 there"],
        "\
STRAY   no lane can print \"5 there\"; b must differ from a (t.txt:2)
MISSING b | \"{b} there\": the program ended without it (t.txt:2)",
    );
}

#[test]
fn one_pid_for_two_processes_of_a_loop() {
    explains(
        "for i in 1..2\n  w{i} | {t:tid} runs {i}\n",
        &["5 runs 1", "5 runs 2"],
        "\
STRAY   no lane can print \"5 runs 2\"; t must differ from t of lane w1 (t.txt:2)
MISSING w2 | \"{t} runs 2\": the program ended without it (t.txt:2)",
    );
}

#[test]
fn a_rule_at_a_line() {
    let text = "for i in 1..3\n  t{i} | {i} starts\n  t{i} | {i} ends\n\nalways \"starts\" - \"ends\" <= 2\n";
    let lines = ["1 starts", "2 starts", "3 starts", "1 ends", "2 ends", "3 ends"];
    explains(
        text,
        &lines,
        "RULE    at output line 3: \"starts\" - \"ends\" is 3, but must be <= 2 (t.txt:5)",
    );
    assert_eq!(rejected(text, &lines).faults[0].line, Some(2));
}

#[test]
fn a_rule_for_each_value() {
    let text =
        "for n in 1..4\n  lock | thread {t:1..2} sets {n}\n\nfinally \"thread {t} sets\" = 2\n";
    explains(
        text,
        &["thread 1 sets 1", "thread 1 sets 2", "thread 1 sets 3", "thread 2 sets 4"],
        "RULE    at the end: \"thread {t} sets\" is 3 with t = 1, but must be = 2 (t.txt:4)",
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
fn a_runaway_program() {
    let line = "again\n";
    let transcript = Transcript::parse("t.txt", "a | once\n").expect("a transcript");
    let Verdict::Rejected(rejected) = transcript.judge(&line.repeat(100_000), Timing::Judged)
    else {
        panic!("not rejected");
    };
    let shown = rejected.to_string();
    assert!(shown.lines().count() < 12, "{shown}");
    assert!(shown.contains("and 98998 more lines than any legal output has"), "{shown}");
    assert_eq!(rejected.lanes.len(), 100_000);
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let shown = rejected("a | x\n", &["\u{1b}[2Jboo\r"]).to_string();
    assert!(!shown.contains(['\u{1b}', '\r']), "{shown:?}");
    assert!(shown.contains("\"\\u{1b}[2Jboo\\r\""), "{shown}");
}

/// Every adjacent swap that is illegal breaks exactly one edge of the order, and is explained by that one.
#[test]
fn an_adjacent_swap_breaks_one_edge() {
    let mut explained = 0;
    for name in ["fork-and-join.txt", "double-fork.txt"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/examples").join(name);
        let text = std::fs::read_to_string(path).expect("an example can be read");
        let transcript = Transcript::parse(name, &text).expect("a transcript");
        let mut rng = fastrand::Rng::with_seed(7);
        for _ in 0..50 {
            let run = transcript.sample(&mut rng).expect("a legal output");
            for line in 1..run.len() {
                let mut lines = run.clone();
                lines.swap(line - 1, line);
                if let Verdict::Rejected(rejected) =
                    transcript.judge(&lines.join("\n"), Timing::Judged)
                {
                    let [Fault { kind: FaultKind::Order, line: early, .. }] =
                        rejected.faults.as_slice()
                    else {
                        panic!("{}\n\n{rejected}", lines.join("\n"));
                    };
                    assert_eq!(*early, Some(line - 1), "{rejected}");
                    explained += 1;
                }
            }
        }
    }
    assert!(explained > 100, "{explained} swaps say little");
}

#[test]
fn waived_claims_about_time_are_not_judged() {
    let text = "a | begin\ntiming a | still running\na | {t:secs} s\ntiming finally {t} < 2\n";
    let transcript = Transcript::parse("t.txt", text).expect("a transcript");
    let judge =
        |output: &str, timing| matches!(transcript.judge(output, timing), Verdict::Accepted(_));
    assert!(judge("begin\nstill running\n1.5 s\n", Timing::Judged));
    for late in ["begin\nalready done\n1.5 s\n", "begin\n1.5 s\n", "begin\nstill running\n2.5 s\n"]
    {
        assert!(!judge(late, Timing::Judged), "{late}");
        assert!(judge(late, Timing::Waived), "{late}");
    }
    assert!(!judge("begin\nalready done\nalready done\n1.5 s\n", Timing::Waived));
}

#[test]
fn an_upper_bound_of_a_duration_only_warns() {
    let transcript = Transcript::parse("t.txt", "a | {t:secs < 2} s\na | {u:secs >= 1} s\n")
        .expect("a transcript");
    let Verdict::Accepted(accepted) = transcript.judge("2.5 s\n1.0 s\n", Timing::Judged) else {
        panic!("rejected");
    };
    assert_eq!(accepted.warnings, ["t is 2.5, expected < 2"]);
    assert!(matches!(transcript.judge("1.5 s\n0.9 s\n", Timing::Judged), Verdict::Rejected(_)));
}

#[test]
fn a_rule_that_counts_lines_against_a_printed_number() {
    let text = "m | {n:int} tasks\nm | start 1\nm | start 2\nfinally \"start\" = {n}\n";
    explains(
        text,
        &["5 tasks", "start 1", "start 2"],
        "RULE    at the end: \"start\" is 2, but must be = 5 ({n}) (t.txt:4)",
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
fn a_line_of_megabytes_is_cut() {
    let long = "x".repeat(1 << 20);
    for lines in [["y", &(long.clone() + " is")], [&long, "y"]] {
        let shown = rejected("a | {w:word} is\na | y\n", &lines).to_string();
        assert!(shown.len() < 5_000, "{} bytes", shown.len());
        assert!(shown.contains("x\" and 10480"), "{shown}");
    }
}

#[test]
fn no_output_contains_the_counters_symbols() {
    rejected("m | {p:pid} up\n", &["\u{F0000} up"]);
    let transcript = Transcript::parse("t.txt", "m | say {w:word}\n").expect("a transcript");
    let verdict = transcript.judge("say \u{F0000}abc\n", Timing::Judged);
    assert!(matches!(verdict, Verdict::Accepted(_)), "{verdict:?}");
}
