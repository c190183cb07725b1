//! How a report shows invisible characters and very long lines.

use super::*;

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let shown = rejected("a | x\n", &["\u{1b}[2Jboo\r"]).to_string();
    assert!(!shown.contains(['\u{1b}', '\r']), "{shown:?}");
    assert!(shown.contains("\"\\u{1b}[2Jboo\\r\""), "{shown}");
    // Nor do they reach it in a value that a message names.
    let evil = "\u{1b}[2J";
    for (text, lines) in [
        ("a | is {n:int}\n", vec![format!("is {evil}")]),
        ("a | is {w:word}\nb | was {w}\n", vec![format!("is {evil}"), "was x".to_owned()]),
        (
            "a | is {v:word}\nb | is {w:word}\nalways \"is {w}\" <= 1\n",
            vec![format!("is {evil}"); 2],
        ),
    ] {
        let rejected = rejected(text, &lines.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(rejected.to_string().contains("\\u{1b}[2J"), "{rejected}");
        for fault in &rejected.faults {
            assert!(!fault.message.contains('\u{1b}'), "{fault:?}");
        }
        assert!(
            !rejected.to_string().contains('\u{1b}') && !rejected.wrapped(40).contains('\u{1b}')
        );
    }
}

#[test]
fn a_line_of_megabytes_is_cut() {
    let long = "x".repeat(1 << 20);
    for lines in [["y", &(long.clone() + " is")], [&long, "y"]] {
        let shown = rejected("a | {w:word} is\na | y\n", &lines).to_string();
        assert!(shown.len() < 5_000, "{} bytes", shown.len());
        assert!(shown.contains("x\" and 1,048,3"), "{shown}");
    }
}

#[test]
fn no_output_contains_the_counters_symbols() {
    rejected("m | {p:pid} up\n", &["\u{F0000} up"]);
    let transcript = Transcript::parse("t.txt", "m | say {w:word}\n").expect("a transcript");
    let verdict = transcript.judge("say \u{F0000}abc\n", Timing::Judged);
    assert!(matches!(verdict, Verdict::Accepted(_)), "{verdict:?}");
}

#[test]
fn a_last_line_without_a_newline() {
    let transcript = Transcript::parse("t.txt", "a | x\na | done\n").expect("a transcript");
    let judge = |output: &str| match transcript.judge(output, Timing::Judged) {
        Verdict::Rejected(rejected) => rejected,
        other => panic!("{other:?}"),
    };
    let rejected = judge("x\ndone");
    let expected = "NEWLINE the last line, \"done\", does not end with a newline";
    assert_eq!(rejected.to_string(), expected);
    assert_eq!(rejected.faults[0].output_lines, [2]);
    assert_eq!(
        judge("x\ndo").faults.iter().map(|fault| fault.kind).collect::<Vec<_>>(),
        [FaultKind::Stray, FaultKind::Missing, FaultKind::Newline]
    );
    // A repeated run with neutral values has the same fault.
    assert_eq!(transcript.neutral_output("x\ndone"), "x\ndone");
}

#[test]
fn what_does_not_show_is_shown() {
    for (line, shown, hidden) in [
        ("all done\r", "\"all done\\r\"", "\\r"),
        ("all\u{a0}done", "\"all\\u{a0}done\"", "\\u{a0}"),
        ("all \u{200b}done", "\"all \\u{200b}done\"", "\\u{200b}"),
        ("all \u{202e}done", "\"all \\u{202e}done\"", "\\u{202e}"),
        ("all done\u{a0}", "\"all done\\u{a0}\"", "\\u{a0}"),
    ] {
        let expected = format!(
            "STRAY   no lane can print {shown}; but for {hidden} it would be a | \"all done\" (t.txt:1)"
        );
        explains("a | all done\n", &[line], &expected);
    }
    // The variation selector, which emoji need, is invisible too: it may be in either of the two.
    explains(
        "a | ✔ done\n",
        &["✔\u{fe0f} done\r"],
        "STRAY   no lane can print \"✔\u{fe0f} done\\r\"; but for \\u{fe0f} it would be a | \"✔ done\" (t.txt:1)",
    );
    explains(
        "a | ✔\u{fe0f} done\n",
        &["✔ done"],
        "STRAY   no lane can print \"✔ done\"; but for a missing \\u{fe0f} it would be a | \"✔\u{fe0f} done\" (t.txt:1)",
    );
    explains(
        "a | ✔\u{fe0f} done\n",
        &["✔\u{fe0f} done\r"],
        "STRAY   no lane can print \"✔\u{fe0f} done\\r\"; but for \\r it would be a | \"✔\u{fe0f} done\" (t.txt:1)",
    );
    // Visible characters are quoted as they are.
    explains(
        "a | x\n",
        &["进 \\ '\"'"],
        "\
STRAY   no lane can print \"进 \\ '\"'\"; expected next: a | \"x\"
MISSING a | \"x\": the program ended without it (t.txt:1)",
    );
}
