//! Where a mistake is: its line and its column, with a caret below it.

use transcript::Transcript;

use super::refuse;

#[test]
fn an_error_shows_the_line_and_a_caret_below_the_mistake() {
    let text = "$ demo\nparent | parent {p:pidd}: about to fork\n";
    let error = Transcript::parse("who-am-i.txt", text).expect_err("an unknown kind");
    let expected = "\
who-am-i.txt:2:20: unknown kind `pidd`
  |
2 | parent | parent {p:pidd}: about to fork
  |                    ^^^^ one of pid, tid, int, secs, word, text, or a range such as 1..=3";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn the_caret_is_below_wide_characters() {
    let error = Transcript::parse("t.txt", "a | 进程 {p:pidd}\n").expect_err("an unknown kind");
    let shown = error.to_string();
    let caret = shown.lines().last().expect("four lines");
    // Four columns more than characters before the hole: each ideograph takes two.
    assert_eq!(caret.find('^'), Some("  | a | 1234 {p:".len()), "{shown}");
    assert_eq!(error.mistakes[0].column, 11);
}

#[test]
fn the_caret_is_below_what_does_not_show() {
    let error = Transcript::parse("t.txt", "a | one\r two {p:pidd}\n").expect_err("two mistakes");
    let expected = "\
t.txt:1:8: an invisible character: \\r
  |
1 | a | one\\r two {p:pidd}
  |        ^^ delete it; a hole takes what a program prints: `{:text}`

t.txt:1:17: unknown kind `pidd`
  |
1 | a | one\\r two {p:pidd}
  |                  ^^^^ one of pid, tid, int, secs, word, text, or a range such as 1..=3";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn characters_that_do_not_show() {
    for (hidden, code) in [
        ("\u{a0}", "\\u{a0}"),
        ("\u{200b}", "\\u{200b}"),
        ("\u{202e}", "\\u{202e}"),
        ("\u{3164}", "\\u{3164}"),
        ("\u{1b}[2J", "\\u{1b}"),
        ("\r", "\\r"),
    ] {
        let message = format!("an invisible character: {code}");
        refuse(&format!("a | x\nb | all{hidden} done\n"), 2, 8, &message);
        refuse(&format!("a | x\nalways \"x{hidden}\" <= 1\n"), 2, 10, &message);
        // The character does not reach a terminal, not even in its message.
        let error = Transcript::parse(&format!("t{hidden}.txt"), &format!("a{hidden} | {{x:foo}}"));
        let shown = error.expect_err("mistakes").to_string();
        assert!(!shown.contains(hidden) && shown.contains(code), "{shown:?}");
    }
    refuse("\u{feff}a | x\n", 1, 1, "an invisible character: \\u{feff}");
    // An invisible character in a comment does no harm, and a line may end as on Windows.
    assert!(Transcript::parse("t.txt", "# a\u{a0}comment\na | tab\tand ✔\u{fe0f}\r\n").is_ok());
}
