//! A failed check explains itself.

use std::path::Path;

use transcript::{Fault, FaultKind, Rejected, Timing, Transcript, Verdict};

mod characters;

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

fn joined<S: AsRef<str>>(lines: &[S]) -> String {
    lines.iter().map(|line| format!("{}\n", line.as_ref())).collect()
}

#[track_caller]
fn rejected(text: &str, lines: &[&str]) -> Rejected {
    let transcript = Transcript::parse("t.txt", text).unwrap_or_else(|error| panic!("{error}"));
    match transcript.judge(&joined(lines), Timing::Judged) {
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
    assert_eq!(rejected(FORK, &lines).faults[0].output_lines, [5]);
}

#[test]
fn a_doubled_line() {
    explains(
        FORK,
        &[RUN[0], RUN[1], RUN[2], RUN[2], RUN[3], RUN[4]],
        "STRAY   \"child 11: my parent is 10\" was printed twice, but is expected once (t.txt:4)",
    );
}

#[test]
fn a_wrong_value() {
    explains(
        FORK,
        &[RUN[0], RUN[1], "child 11: my parent is 99", RUN[3], RUN[4]],
        "STRAY   no lane can print \"child 11: my parent is 99\"; p is 10 (t.txt:4)",
    );
}

#[test]
fn one_pid_for_two_processes() {
    explains(
        "a | {a:pid} here\nb | {b:pid} there\n",
        &["5 here", "5 there"],
        "STRAY   no lane can print \"5 there\"; b must differ from a (t.txt:2)",
    );
}

#[test]
fn one_pid_for_two_processes_of_a_loop() {
    explains(
        "for i in 1..=2\n  w{i} | {t:tid} runs {i}\n",
        &["5 runs 1", "5 runs 2"],
        "STRAY   no lane can print \"5 runs 2\"; t must differ from t of lane w1 (t.txt:2)",
    );
}

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
fn a_runaway_program() {
    let line = "again\n";
    let transcript = Transcript::parse("t.txt", "a | once\n").expect("a transcript");
    let Verdict::Rejected(rejected) = transcript.judge(&line.repeat(100_000), Timing::Judged)
    else {
        panic!("not rejected");
    };
    let shown = rejected.to_string();
    assert!(shown.lines().count() < 12, "{shown}");
    assert!(shown.contains("and 98,998 more lines than any legal output has"), "{shown}");
    assert_eq!(rejected.lanes.len(), 100_000);
}

#[test]
fn what_need_not_come_is_expected_too() {
    explains(
        "a | go\na *| tick {n:int}\n",
        &["go", "tack 1"],
        "STRAY   no lane can print \"tack 1\"; expected nothing more, unless it is a | \"tick {n}\"",
    );
    // The optional event does not hide what must come before.
    explains(
        "a | go\na *| tick {n:int}\na | done\n",
        &["tock", "go", "done"],
        "STRAY   no lane can print \"tock\"; expected next: a | \"go\"",
    );
    explains("a | go\n", &["go", "on"], "STRAY   no lane can print \"on\"; expected nothing more");
}

/// Every adjacent swap that is illegal breaks exactly one edge of the order, and is explained by that one.
#[test]
fn an_adjacent_swap_breaks_one_edge() {
    let mut explained = 0;
    for name in ["fork-and-join.txt", "double-fork.txt"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/examples").join(name);
        let text = std::fs::read_to_string(path).expect("an example can be read");
        let transcript = Transcript::parse(name, &text).expect("a transcript");
        for seed in 0..=50 {
            let run = transcript.sample(seed).expect("a legal output");
            for line in 1..run.len() {
                let mut lines = run.clone();
                lines.swap(line - 1, line);
                if let Verdict::Rejected(rejected) =
                    transcript.judge(&joined(&lines), Timing::Judged)
                {
                    let [Fault { kind: FaultKind::Order, output_lines: early, .. }] =
                        rejected.faults.as_slice()
                    else {
                        panic!("{}\n\n{rejected}", lines.join("\n"));
                    };
                    assert_eq!(*early, [line], "{rejected}");
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
    // The line may come at any time, and the rule is not judged.
    for late in ["begin\n1.5 s\nstill running\n", "begin\nstill running\n2.5 s\n"] {
        assert!(!judge(late, Timing::Judged), "{late}");
        assert!(judge(late, Timing::Waived), "{late}");
    }
    // But it must come once, with its text.
    for wrong in ["begin\nGARBAGE\n1.5 s\n", "begin\n1.5 s\n", "still running\n1.5 s\nbegin\n"] {
        assert!(!judge(wrong, Timing::Waived), "{wrong}");
    }
    assert!(!judge("begin\nstill running\nstill running\n1.5 s\n", Timing::Waived));
}

#[test]
fn a_waived_event_may_hold_any_value() {
    let text = "a | {n:int} left\ntiming b | {t:int >= 2} of {n}\n";
    let transcript = Transcript::parse("t.txt", text).expect("a transcript");
    let judge = |output: &str| transcript.judge(output, Timing::Waived);
    assert!(matches!(judge("5 left\n1 of 5\n"), Verdict::Accepted(_)));
    let Verdict::Rejected(rejected) = judge("5 left\n1 of 6\n") else { panic!("accepted") };
    assert_eq!(rejected.to_string(), "STRAY   no lane can print \"1 of 6\"; n is 5 (t.txt:2)");
    assert_eq!(rejected.lanes, [Some(0), None]);
    let Verdict::Rejected(rejected) = judge("1 of 6\n") else { panic!("accepted") };
    assert_eq!(rejected.lanes, [Some(1)]);
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
fn a_value_that_a_hole_cannot_have() {
    for (text, line, expected) in [
        ("a | in {t:secs >= 5.0} s\n", "in 0.0 s", "{t:secs >= 5.0} cannot be 0.0"),
        ("a | by {:int} hands\n", "by many strong hands", "{:int} cannot be many strong"),
        ("a | worker {w:1..=3}\n", "worker 4", "{w:1..=3} cannot be 4"),
    ] {
        let expected = format!("STRAY   no lane can print \"{line}\"; {expected} (t.txt:1)");
        explains(text, &[line], &expected);
    }
}

/// One cause is one entry, and the path is printed once.
#[test]
fn what_has_one_cause_is_told_once() {
    let text = "\
for i in 1..=5
  task{i} | line 10
  task{i} | task {i} at {:secs >= 5.0}
* -> main
main | done
";
    explains(
        text,
        &["line 10", "task 1 at 0.1", "task 3 at 0.1", "boo 1", "boo 2", "boo 2"],
        "\
STRAY   no lane can print these:
        \"task 1 at 0.1\" and 1 more like it; {:secs >= 5.0} cannot be 0.1 (t.txt:3)
        \"boo 1\" and 2 more like it; expected next: task1 | \"task 1 at {:secs}\" or task2 | \"line 10\" or task3 | \"line 10\" or one of 2 more
MISSING the program ended without these:
        task2..task5 | \"line 10\" (4 times) (:2)
        task2, task4, task5 | \"task 2 at {:secs}\" and 2 more like it (:3)
        main | \"done\" (:5)",
    );
}

#[test]
fn one_arrow_broken_by_many_lines_is_one_fault() {
    let text = "for i in 1..=4\n  t{i} | {i} ends\n---\nmain | done\n";
    explains(
        text,
        &["1 ends", "done", "2 ends", "3 ends", "4 ends"],
        "\
ORDER   \"done\"   was printed before
        \"2 ends\" but must come after it: ---, broken by 3 pairs of lines (t.txt:3)",
    );
}

#[test]
fn several_arrows_are_a_list() {
    let text = "a | a\na -> b\nb | b\nb -> c\nc | c\n";
    let rejected = rejected(text, &["c", "b", "a"]);
    assert_eq!(
        rejected.to_string(),
        "\
ORDER   these came in the wrong order:
        \"c\" before \"b\": b -> c (t.txt:4)
        \"b\" before \"a\": a -> b (:2)"
    );
    assert_eq!(
        rejected.faults.iter().map(|fault| fault.transcript_line).collect::<Vec<_>>(),
        [Some(4), Some(2)]
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

/// A repeated line on both sides of the one that it must follow.
#[test]
fn a_repeated_line_in_the_wrong_place() {
    let text = "m | go\nm *| tick {n:int}\nm | done\n";
    explains(
        text,
        &["tick 1", "go", "tick 2", "done"],
        "\
ORDER   \"tick 1\" was printed before
        \"go\"     but must come after it: lane m prints in this order (t.txt:1)",
    );
    explains(
        text,
        &["go", "tick 1", "done", "tick 2"],
        "\
ORDER   \"done\"   was printed before
        \"tick 2\" but must come after it: lane m prints in this order (t.txt:2)",
    );
}

#[test]
fn a_report_is_wrapped_between_words() {
    let rejected = rejected(FORK, &[RUN[0], RUN[1], RUN[2], RUN[4], RUN[3]]);
    assert_eq!(
        rejected.wrapped(60),
        "\
ORDER   \"parent 10: 11 exited with 7\" was printed before
        \"child 11: exiting with 7\"    but must come after
        it: child -> parent (t.txt:6)"
    );
}
