//! Each mistake is an error that says where it is, what is wrong and what to do. Nothing is ignored.

use arbtest::arbtest;
use transcript::Transcript;

/// Line, column and message of the error.
#[track_caller]
fn refuse(text: &str, line: usize, column: usize, message: &str) {
    match Transcript::parse("t.txt", text) {
        Ok(_) => panic!("accepted:\n{text}"),
        Err(error) => {
            let first = &error.mistakes[0];
            let found = (first.line, first.column, first.message.as_str());
            assert_eq!(found, (line, column, message), "\n{error}");
            assert!(!first.help.is_empty());
        }
    }
}

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
fn the_caret_stands_below_wide_characters() {
    let error = Transcript::parse("t.txt", "a | 进程 {p:pidd}\n").expect_err("an unknown kind");
    let shown = error.to_string();
    let caret = shown.lines().last().expect("four lines");
    // Four columns more than characters before the hole: each ideograph takes two.
    assert_eq!(caret.find('^'), Some("  | a | 1234 {p:".len()), "{shown}");
    assert_eq!(error.mistakes[0].column, 11);
}

#[test]
fn lines() {
    refuse("a says hello", 1, 1, "this line is not understood");
    refuse("a | x\n  b | y", 2, 3, "unexpected indentation");
    refuse("\ta | x", 1, 1, "a tab");
    refuse("a | x\n$ late", 2, 1, "a second command");
    refuse("$", 1, 2, "no command after `$`");
    refuse("$ demo 'one word'", 1, 8, "a shell character in the command");
    refuse("for | x", 1, 1, "a keyword cannot be a lane");
    refuse("| x", 1, 1, "expected a lane");
    refuse("two words | x", 1, 5, "unexpected text");
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
fn exit_status() {
    refuse("exits 256", 1, 7, "no exit status");
    refuse("exits never", 1, 7, "expected a number");
    refuse("exits 1 2", 1, 9, "unexpected text");
    refuse("exits 1\nexits 1", 2, 7, "this exit status is not allowed here");
    refuse("for i in 1..=2\n  exits 1", 2, 9, "this exit status is not allowed here");
    refuse("timing exits 1", 1, 1, "`timing` cannot mark this line");
}

#[test]
fn holes() {
    refuse("a | {p:pid", 1, 6, "this hole is not closed");
    refuse("a | p}", 1, 6, "a closing brace without an opening one");
    refuse("a | {}", 1, 6, "expected a name");
    refuse("a | {p}", 1, 6, "nothing binds `p`");
    refuse("a | {p:}", 1, 8, "expected a kind");
    refuse("a | {p: pid}", 1, 8, "expected a kind");
    refuse("a | {:}", 1, 7, "expected a kind");
    refuse("a | {:9}", 1, 8, "expected `..`");
    refuse("a | {p:pid} {p:pid}", 1, 13, "`p` is bound already");
    refuse("a | {p:pid}{q:pid}", 1, 1, "two holes touch");
    refuse("a | {p:pid} {p+1}", 1, 14, "the value of `p` is not known before the run");
    refuse("a | {p:3..=1}", 1, 5, "the range 3..=1 is empty");
    refuse("a | {p:1..=99999}", 1, 5, "a range too wide");
    refuse("a | {p:pid >= 3}", 1, 5, "this kind takes no bound");
    refuse("a | {t:secs = 3}", 1, 13, "expected a comparison");
    refuse("a | {1234567890}", 1, 6, "number too large");
    refuse("a | {1/0}", 1, 6, "no such number");
    refuse(&format!("a | {{{}1}}", "(".repeat(30)), 1, 26, "too many parentheses");
}

#[test]
fn loops() {
    refuse("for i in 1..=2", 1, 15, "this loop has no block");
    refuse("for i of 1..2\n  a | x", 1, 7, "expected `in `");
    refuse("for i in 2..=1\n  a | x", 1, 1, "the range 2..=1 is empty");
    refuse("for i in 1..=2\n  for i in 1..=2\n    a | x", 2, 3, "`i` is bound already");
    refuse("for i in 1..=999999\n  a -> b", 1, 1, "too many turns");
    refuse("for i in 1..=9999\n  a | x", 2, 3, "too many events");
    refuse("for i in 1..=2\n  a{i} | {p:pid}\nb | {p}", 3, 6, "nothing binds `p`");
    refuse("a{p:pid} | x", 1, 2, "a lane cannot bind a value");
}

#[test]
fn arrows() {
    refuse("a | x\na -> b", 2, 6, "no event is in lane `b`");
    refuse(
        "a | x\nb | y\na -> b",
        3,
        1,
        "this arrow orders nothing: there is no event on one side of it",
    );
    refuse(
        "a | x\nb, a -> b\nb | y",
        2,
        1,
        "this arrow orders nothing: lane `b` prints nothing above",
    );
    refuse("---\na | x", 1, 1, "this arrow orders nothing: there is no event on one side of it");
    refuse("a | x\na -> b c\nb | x\nc | x", 2, 8, "unexpected text");
    refuse("a | x\ntiming a -> b\nb | y", 2, 8, "`timing` does not go with an arrow");
}

#[test]
fn rules() {
    refuse("always \"x\" = 3", 1, 12, "expected a comparison");
    refuse("always \"\" <= 3", 1, 8, "an empty text");
    refuse("always \"x <= 3", 1, 15, "expected `\"`");
    refuse("always x <= 3", 1, 8, "expected a term");
    refuse("always \"x\" <= 3 4", 1, 17, "unexpected text");
    refuse("a | {t:secs}\nalways {t} <= 3", 2, 8, "a variable in `always`");
    refuse("a | {w:word}\nfinally {w} <= 3", 2, 9, "`w` is of kind word");
    refuse("finally {t} <= 3", 1, 9, "nothing binds `t`");
    refuse("finally \"{w:pid}\" <= 3", 1, 10, "a rule cannot bind a value");
    let twice =
        "for i in 1..=1\n  a | {w:pid}\nfor i in 1..=1\n  a | {w:int}\nfinally \"{w}\" <= 3";
    refuse(twice, 5, 10, "`w` has several kinds");
}

#[test]
fn repetition_must_end_visibly() {
    refuse("a *| tick {n:int}\na | tick 3", 1, 1, "where these lines end is not clear");
    refuse("a *| x\na ?| y\na | x", 1, 1, "where these lines end is not clear");
    assert!(Transcript::parse("t.txt", "a *| tick {n:int}\na | done").is_ok());
    refuse("a *| {p:pid} tick\nb | {q:pid}", 1, 6, "a pid in a repeated line");
    let many: String =
        (0..2_000).map(|n| format!("a *| {{:int}} does {n} of {{:int}}\n")).collect();
    refuse(&many, 1, 1, "too many repetitions to tell where each ends");
}

#[test]
fn what_could_not_be_judged() {
    refuse("timing a *| x\na | y", 1, 8, "`timing` does not go with `*|`");
    let many = "a | {x:1..=200} {y:1..=200}\nalways \"{x} {y}\" <= 1";
    refuse(many, 2, 1, "a rule for too many values");
}

#[test]
fn a_range_without_its_sign_says_what_to_write() {
    for (text, help) in [
        ("for i in 1..3\n  a | {i}", "write `1..=3`: both ends are included"),
        ("a | {x:2..7}", "write `2..=7`: both ends are included"),
        ("for n in 1..=2\n  a | {x:n+1..2*n+3}", "write `n+1..=2*n+3`: both ends are included"),
    ] {
        let error = Transcript::parse("t.txt", text).expect_err("a range without its sign");
        assert_eq!((error.mistakes.len(), error.mistakes[0].help.as_str()), (1, help), "{error}");
    }
    refuse("a | {x:1..=}", 1, 12, "expected a name");
}

#[test]
fn one_equals_sign_says_to_write_two() {
    for text in ["a | x\nfinally \"x\" = 1", "a | {:int = 1}"] {
        let error = Transcript::parse("t.txt", text).expect_err("one sign");
        assert_eq!(error.mistakes[0].help, "write `==`");
    }
}

#[test]
fn numbers_out_of_range() {
    refuse("a | {a:1..=99999999999}", 1, 12, "number too large");
    refuse("a | {a:1..99999999999}", 1, 11, "number too large");
    let digits = "9".repeat(28);
    refuse(&format!("a | {{t:secs >= {digits}}}"), 1, 16, "number too large");
    refuse(&format!("a | {{t:int}}\nfinally {{t}} <= {digits}"), 2, 16, "number too large");
    refuse("a | x\nfinally 0.5 * \"x\" <= 1", 2, 9, "not a factor");
    refuse("a | x\nfinally 12345678901 * \"x\" <= 1", 2, 9, "not a factor");
    refuse("a | x\nfinally \"x\" * 2 <= 1", 2, 13, "a factor after its term");
    let long = vec!["\"x\""; 100].join(" + ");
    refuse(&format!("a | x\nfinally {long} <= 1"), 2, 9, "a rule too long");
}

#[test]
fn an_arrow_inside_one_lane() {
    let why = "this arrow orders nothing: the events of one lane are in this order already";
    refuse("m | x\nm -> m\nm | y", 2, 1, why);
    refuse("m | x\n---\nm | y", 2, 1, why);
    refuse("for i in 1..=3\n  m | x {i}\n  m -> m\nm | y", 3, 3, why);
    assert!(Transcript::parse("t.txt", "m | x\nn | x\nm, n -> m\nm | y").is_ok());
}

#[test]
fn a_chain_of_lanes_that_are_nowhere() {
    let text = "for i in 1..=3\n  t{i} | {i}\n  t{i} -> s{i+1}";
    refuse(text, 3, 11, "no event is in lane `s2`");
    refuse("for i in 1..=3\n  t{i} | {i}\n  t{i} -> t{i+3}", 3, 11, "no event is in lane `t4`");
}

#[test]
fn a_rule_that_counts_nothing() {
    refuse("a | starts\nalways \"strats\" <= 3", 2, 8, "no event prints \"strats\"");
    refuse("a | sends 3\nalways \"ends\" <= 3", 2, 8, "no event prints \"ends\"");
    refuse("a | task {w:1..=3}\nalways \"task 4\" <= 3", 2, 8, "no event prints \"task 4\"");
    refuse("a | x\nalways \"x\" - \"X\" <= 3", 2, 14, "no event prints \"X\"");
    let turn = "for i in 1..=2\n  a{i} | {i} up\nfor i in 1..=3\n  always \"{i} up\" <= 1";
    refuse(turn, 4, 10, "no event prints \"3 up\"");
    refuse("a | {w:1..=2} up\nalways \"{w} down\" <= 1", 2, 8, "no event prints \"{w} down\"");
    refuse("a | took 1.5 s\nalways \"5 s\" <= 3", 2, 8, "no event prints \"5 s\"");
    refuse("a | {w:10..=12} up\nalways \"1 up\" <= 1", 2, 8, "no event prints \"1 up\"");
    refuse("a | x\nalways 1 <= 2", 2, 1, "a rule about nothing");
    for rule in [
        "\"task 12\"",
        "\"2 of\"",
        "\"task\"",
        "\"12 of b\"",
        "\"b c d\"",
        "\"of {n}\"",
        "\" of \"",
    ] {
        let text = format!("a | task {{:int}} of {{n:text}}\nfinally {rule} <= 3")
            .replace("n:text", "n:word");
        let text = if rule.contains("b c") { text.replace("n:word", "n:text") } else { text };
        assert!(Transcript::parse("t.txt", &text).is_ok(), "{text}");
    }
}

#[test]
fn holes_of_a_rule() {
    refuse("a | {x:text} up\nalways \"{x} up\" <= 1", 2, 9, "`x` may have several words");
    refuse("a | {x:int} {y:int}\nalways \"{x}{y}\" <= 1", 2, 12, "two holes touch");
    refuse("a | {x:int} {x}\nalways \"{x} {x}\" <= 1", 2, 13, "the same name twice in one text");
}

/// Line and column of each mistake.
#[track_caller]
fn places(text: &str) -> (Vec<(usize, usize)>, usize) {
    let error = Transcript::parse("t.txt", text).expect_err("mistakes");
    let places = error.mistakes.iter().map(|mistake| (mistake.line, mistake.column));
    (places.collect(), error.more)
}

#[test]
fn reading_goes_on_behind_a_mistake() {
    let text = "a | {p:pidd}\nfor i in 1..3\n  a | {q:\n    b | deeper\n\nb -> \nexits 300\n";
    assert_eq!(places(text), (vec![(1, 8), (2, 10), (3, 8), (4, 5), (6, 6), (7, 7)], 0));
    // A line with a mistake still binds its names, and an unbound name is reported once.
    let text = "a | {p:pid}{q:int}\na | {p} {q} {r}\nb | {r}\nfinally {r} + {s} <= 3\na -> c\n";
    assert_eq!(places(text), (vec![(1, 1), (2, 14), (4, 15)], 0));
    // Each turn of a loop makes the same mistake.
    assert_eq!(places("for i in 1..=3\n  a | {x}\n  b | {i} {y}\n"), (vec![(2, 8), (3, 12)], 0));
}

#[test]
fn ten_mistakes_are_told() {
    let text: String = (1..=13).map(|n| format!("a{n} says\n")).collect();
    let error = Transcript::parse("t.txt", &text).expect_err("mistakes");
    assert_eq!((error.mistakes.len(), error.more), (10, 3));
    let shown = error.to_string();
    assert!(shown.ends_with("\n\nand 3 more"), "{shown}");
    assert_eq!(shown.matches("this line is not understood").count(), 10);
}

/// A limit is reported once, and a mistake in many turns takes no longer than in one.
#[test]
fn mistakes_in_many_turns() {
    let events = "  a{i} | {i} up\n".repeat(200);
    assert_eq!(places(&format!("for i in 1..=20000\n{events}")), (vec![(2, 3)], 0));
    let rules = "  always \"{i} down\" <= 1\n".repeat(10);
    let text = format!("for i in 1..=2000\n  a | {{i}} up\nfor i in 1..=2000\n{rules}");
    assert_eq!(places(&text).0[0], (4, 10));
    let text = "for i in 1..=200\n  for k in 1..=90\n    a | {x}\n";
    assert_eq!(places(text), (vec![(3, 10)], 0));
}

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
