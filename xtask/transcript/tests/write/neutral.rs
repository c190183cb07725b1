//! Legal outputs and real ones, with values that are the same in every run.

use super::{FORK, parse};

#[test]
fn rules_that_contradict_many_events_leave_no_neutral_run() {
    let text = "for i in 1..=6\n  task{i} | worker {w:1..=3} starts task {i}\n  task{i} | worker {w} ends\nalways \"starts\" <= 3\n";
    assert_eq!(parse(text).neutral(), Vec::<String>::new());
}

#[test]
fn a_neutral_value_is_as_large_as_a_rule_demands() {
    let text = "a | {n:int} in {t:secs} s\nfinally {t} >= 3\nfinally {t} < 6\nfinally {n} >= 50\n";
    assert_eq!(parse(text).neutral(), ["50 in 3.0 s"]);
}

#[test]
fn neutral_output_reads_the_same_for_two_runs_with_the_same_fault() {
    let transcript = parse(FORK);
    let run = |p: u32, c: u32| {
        format!("parent {p}: forked {c}\nparent {p}: about to fork\nchild {c}: I am {c} of {p}\n")
    };
    let neutral = transcript.neutral_output(&run(4_711, 4_712));
    assert_eq!(
        neutral,
        "parent 100: forked 101\nparent 100: about to fork\nchild 101: I am 101 of 100\n"
    );
    assert_eq!(neutral, transcript.neutral_output(&run(88, 87)));
}

#[test]
fn neutral_values_are_equal_where_the_printed_ones_are() {
    let transcript = parse("a | process {p:pid}, thread {t:tid}\nb | {t} or {p}\n");
    let neutral = transcript.neutral_output("process 7, thread 7\n8 or 7\n");
    assert_eq!(neutral, "process 100, thread 100\n8 or 100\n");
}

#[test]
fn neutral_output_breaks_no_rule_that_the_output_keeps() {
    let transcript =
        parse("a | {p:pid} worked {t:secs >= 1.0} s\na | twice {u:secs} s\nfinally {t} >= {u}\n");
    let neutral = transcript.neutral_output("77 worked 5.0 s\ntwice 4.0 s\n");
    assert_eq!(neutral, "100 worked 5.0 s\ntwice 4.0 s\n");
}
