//! How a report stays short: one cause is one entry.

use super::*;

/// One cause is one entry, and the path is printed once.
#[test]
fn what_has_one_cause_is_one_entry() {
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
