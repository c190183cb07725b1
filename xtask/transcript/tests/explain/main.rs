//! A failed check explains itself.

mod causes;
mod characters;
mod joined;
mod rules;
mod time;

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
