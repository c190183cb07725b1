//! Texts put together at random.

use arbtest::arbtest;
use transcript::Transcript;

/// Fragments of transcripts, to be put together at random.
const FRAGMENTS: [&str; 52] = [
    "a",
    "b{i}",
    "t{i+1}",
    " | ",
    " ?| ",
    " *| ",
    " -> ",
    "*",
    ", ",
    "---",
    "\n",
    "\n",
    "\n",
    "\n  ",
    "\n    ",
    "for i in 1..=3",
    "for k in ",
    "1..3",
    "-2..=i",
    "always ",
    "finally ",
    "seen ",
    " in 5 runs",
    "timing ",
    "exits ",
    "$ demo",
    "# x",
    "{p:pid}",
    "{p}",
    "{:secs >= -1.5}",
    "{x:text}",
    "{w:1..=3}",
    "{i*i}",
    "{",
    "}",
    "{{",
    "\"",
    "\"x\"",
    "\"x {w}\"",
    " <= ",
    " == ",
    " = ",
    " - ",
    "2 * ",
    "x",
    "ends 1",
    "99999999999999999999999999999",
    "进程",
    "\t",
    "\u{1b}",
    "\u{a0}",
    "",
];

/// Any text is a transcript, or gives an error whose mistakes have a place in the text.
#[test]
fn any_text_is_read_or_refused_with_a_place() {
    let (mut read, mut refused) = (0, 0);
    arbtest(|u| {
        let mut text = String::new();
        for _ in 0..u.int_in_range(1..=40)? {
            text += *u.choose(&FRAGMENTS)?;
        }
        match Transcript::parse("t.txt", &text) {
            Ok(transcript) => {
                transcript.lint();
                transcript.covering_edges();
                read += 1;
            }
            Err(error) => {
                assert!((1..=10).contains(&error.mistakes.len()), "{text:?}");
                for mistake in &error.mistakes {
                    let line = text.lines().nth(mistake.line - 1).unwrap_or_default();
                    assert!(mistake.column <= line.chars().count() + 1, "{text:?}\n{mistake}");
                    assert!(!mistake.message.is_empty() && !mistake.help.is_empty(), "{text:?}");
                    assert_eq!(mistake.to_string().lines().count(), 4, "{text:?}\n{mistake}");
                }
                refused += 1;
            }
        }
        Ok(())
    })
    .size_min(64)
    .size_max(512)
    .budget_ms(1_000);
    assert!(read > 10 && refused > 10, "{read} read and {refused} refused say little");
}
