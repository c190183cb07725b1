//! Lines that several tasks have written.

use super::*;

const TWO: &str = "\
left  | left {l:pid}: starts
left  | left {l}: ends
right | right: starts
right | right: ends
---
main  | both have ended
";

const ADVICE: &str = "        Let each task write its line and the newline in one call. \
                      Python's print makes two calls if PYTHONUNBUFFERED is set.";

#[test]
fn two_lines_without_a_newline_between_them() {
    let lines =
        ["right: startsleft 7: starts", "", "left 7: ends", "right: ends", "both have ended"];
    explains(
        TWO,
        &lines,
        &format!(
            "\
STRAY   no lane can print \"right: startsleft 7: starts\"; it seems that two tasks wrote parts of one line, \
and a newline came later as an empty line: right | \"right: starts\" and left | \"left 7: starts\"
{ADVICE}"
        ),
    );
    assert_eq!(rejected(TWO, &lines).faults[0].output_lines, [1, 2]);
}

/// What is not explained by the joined line is reported as before.
#[test]
fn what_else_is_wrong_is_said_too() {
    let lines = ["right: startsleft 7: starts", "", "", "right: ends", "both have ended"];
    let report = rejected(TWO, &lines).to_string();
    assert!(
        report.contains("it seems that two tasks wrote parts of one line: right |"),
        "{report}"
    );
    assert!(report.contains("\n        \"\" (2 times); expected next: left |"), "{report}");
    assert!(report.contains("MISSING left | \"left {l}: ends\": the program"), "{report}");
}

#[test]
fn lines_of_many_tasks() {
    let text = "for i in 1..=12\n  w{i} | worker {i} of {n:int}\n";
    let lines =
        ["worker 3 of 12worker 12 of 12worker 1 of 12", "worker 2 of 12worker 4 of 12", "", "", ""];
    let rest: Vec<String> = (5..=11).map(|i| format!("worker {i} of 12")).collect();
    let lines: Vec<&str> = lines.into_iter().chain(rest.iter().map(String::as_str)).collect();
    let report = rejected(text, &lines).to_string();
    assert!(
        report.contains("three tasks wrote parts of one line, and 2 newlines came later as"),
        "{report}"
    );
    assert!(
        report.contains(
            "two tasks wrote parts of one line, and a newline came later as an empty line: w2 |"
        ),
        "{report}"
    );
    assert!(!report.contains("MISSING"), "{report}");
}

/// A task that forgets a newline has no rival, and a line that only begins like an event is no joined line.
#[test]
fn other_lines_are_not_called_joined() {
    for line in [
        "right: startsright: ends",
        "right: startsleft 7: star",
        "left 7: starts",
        "xright: startsleft 7: starts",
    ] {
        let report = rejected(TWO, &[line, line]).to_string();
        assert!(!report.contains("parts of one line"), "{report}");
    }
}

/// However long a line is, and however many events could be its parts, a report comes soon.
#[test]
fn a_long_line_takes_no_long_time() {
    let text = "for i in 1..=60\n  w{i} | {:text}a\nmain | b\n";
    for length in [398, 100_000] {
        let line = "a".repeat(length) + "c";
        let begun = std::time::Instant::now();
        let report = rejected(text, &[&line, "b"]).to_string();
        assert!(report.starts_with("STRAY   no lane can print \"aaa"), "{report}");
        assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    }
}
