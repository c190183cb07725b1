//! Each mistake is an error that says where, what and what to do; nothing is ignored.

use transcript::Transcript;

/// Line, column and message of the error.
#[track_caller]
fn refuse(text: &str, line: usize, column: usize, message: &str) {
    match Transcript::parse("t.txt", text) {
        Ok(_) => panic!("accepted:\n{text}"),
        Err(error) => {
            let found = (error.line, error.column, error.message.as_str());
            assert_eq!(found, (line, column, message), "\n{error}");
            assert!(!error.help.is_empty());
        }
    }
}

#[test]
fn an_error_shows_the_line_and_a_caret_below_the_mistake() {
    let text = "$ demo\nparent | parent {p:pidd}: about to fork\n";
    let error = Transcript::parse("who-am-i.txt", text).expect_err("an unknown type");
    let expected = "\
who-am-i.txt:2:20: unknown type `pidd`
  |
2 | parent | parent {p:pidd}: about to fork
  |                    ^^^^ one of pid, tid, int, secs, word or a range such as 1..3";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn the_caret_stands_below_wide_characters() {
    let error = Transcript::parse("t.txt", "a | 进程 {p:pidd}\n").expect_err("an unknown type");
    let shown = error.to_string();
    let caret = shown.lines().last().expect("four lines");
    // Four columns more than characters before the hole: each ideograph takes two.
    assert_eq!(caret.find('^'), Some("  | a | 1234 {p:".len()), "{shown}");
    assert_eq!(error.column, 11);
}

#[test]
fn lines() {
    refuse("a says hello", 1, 1, "this line says nothing known");
    refuse("a | x\n  b | y", 2, 3, "unexpected indentation");
    refuse("\ta | x", 1, 1, "a tab");
    refuse("a | x\n$ late", 2, 1, "a second command");
    refuse("$", 1, 2, "no command behind `$`");
    refuse("$ demo 'one word'", 1, 8, "this is no shell");
    refuse("for | x", 1, 1, "a keyword cannot be a lane");
    refuse("| x", 1, 1, "expected a lane");
    refuse("two words | x", 1, 5, "unexpected text");
}

#[test]
fn exit_status() {
    refuse("exits 256", 1, 7, "no exit status");
    refuse("exits never", 1, 7, "expected a number");
    refuse("exits 1 2", 1, 9, "unexpected text");
    refuse("exits 1\nexits 1", 2, 7, "the exit status stands elsewhere");
    refuse("for i in 1..2\n  exits 1", 2, 9, "the exit status stands elsewhere");
    refuse("timing exits 1", 1, 1, "`timing` does not go with this");
}

#[test]
fn holes() {
    refuse("a | {p:pid", 1, 6, "this hole never ends");
    refuse("a | p}", 1, 6, "a closing brace without an opening one");
    refuse("a | {}", 1, 6, "expected a name");
    refuse("a | {p}", 1, 6, "nothing binds `p`");
    refuse("a | {p:pid} {p:pid}", 1, 13, "`p` is bound already");
    refuse("a | {p:pid}{q:pid}", 1, 1, "two holes touch");
    refuse("a | {p:pid} {p+1}", 1, 14, "the value of `p` is not known before the run");
    refuse("a | {p:3..1}", 1, 5, "the range 3..1 is empty");
    refuse("a | {p:1..99999}", 1, 5, "a range too wide");
    refuse("a | {p:pid >= 3}", 1, 5, "a bound on what is no measure");
    refuse("a | {t:secs > 3}", 1, 13, "expected a comparison");
    refuse("a | {1234567890}", 1, 6, "number too large");
    refuse("a | {1/0}", 1, 6, "no such number");
    refuse(&format!("a | {{{}1}}", "(".repeat(30)), 1, 26, "too many parentheses");
}

#[test]
fn loops() {
    refuse("for i in 1..2", 1, 14, "this loop has no block");
    refuse("for i of 1..2\n  a | x", 1, 7, "expected `in `");
    refuse("for i in 2..1\n  a | x", 1, 1, "the range 2..1 is empty");
    refuse("for i in 1..2\n  for i in 1..2\n    a | x", 2, 3, "`i` is bound already");
    refuse("for i in 1..999999\n  a -> b", 1, 1, "too many turns");
    refuse("for i in 1..9999\n  a | x", 2, 3, "too many events");
    refuse("for i in 1..2\n  a{i} | {p:pid}\nb | {p}", 3, 6, "nothing binds `p`");
    refuse("a{p:pid} | x", 1, 2, "a lane cannot bind a value");
}

#[test]
fn arrows() {
    refuse("a | x\na -> b", 2, 6, "no event is in lane `b`");
    refuse(
        "a | x\nb | y\na -> b",
        3,
        1,
        "this arrow says nothing: nothing stands on one side of it",
    );
    refuse(
        "a | x\nb, a -> b\nb | y",
        2,
        1,
        "this arrow says nothing: lane `b` prints nothing above",
    );
    refuse("---\na | x", 1, 1, "this arrow says nothing: nothing stands on one side of it");
    refuse("a | x\na -> b c\nb | x\nc | x", 2, 8, "unexpected text");
    refuse("a | x\ntiming a -> b\nb | y", 2, 8, "`timing` does not go with an arrow");
}

#[test]
fn rules() {
    refuse("always \"x\" > 3", 1, 12, "expected a comparison");
    refuse("always \"\" <= 3", 1, 8, "an empty text");
    refuse("always \"x <= 3", 1, 15, "expected `\"`");
    refuse("always x <= 3", 1, 8, "expected a term");
    refuse("always \"x\" <= 3 4", 1, 17, "unexpected text");
    refuse("a | {t:secs}\nalways {t} <= 3", 2, 8, "a variable in `always`");
    refuse("a | {w:word}\nfinally {w} <= 3", 2, 9, "`w` is a word");
    refuse("finally {t} <= 3", 1, 9, "nothing binds `t`");
    refuse("finally \"{w:pid}\" <= 3", 1, 10, "a rule binds nothing");
    let twice = "for i in 1..1\n  a | {w:pid}\nfor i in 1..1\n  a | {w:int}\nfinally \"{w}\" <= 3";
    refuse(twice, 5, 10, "`w` has several types");
}

#[test]
fn repetition_must_end_visibly() {
    refuse("a *| tick {n:int}\na | tick 3", 1, 1, "no one can tell where these lines end");
    refuse("a *| x\na ?| y\na | x", 1, 1, "no one can tell where these lines end");
    assert!(Transcript::parse("t.txt", "a *| tick {n:int}\na | done").is_ok());
    refuse("a *| {p:pid} tick\nb | {q:pid}", 1, 6, "a pid in a repeated line");
}

#[test]
fn what_could_not_be_judged() {
    refuse("timing a *| x\na | y", 1, 8, "`timing` does not go with `*|`");
    let many = "a | {x:1..200} {y:1..200}\nalways \"{x} {y}\" <= 1";
    refuse(many, 2, 1, "a rule for too many values");
}
