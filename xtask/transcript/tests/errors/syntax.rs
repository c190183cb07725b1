//! What cannot be read, construct by construct.

use transcript::Transcript;

use super::refuse;

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
fn holes_of_a_rule() {
    refuse("a | {x:text} up\nalways \"{x} up\" <= 1", 2, 9, "`x` may have several words");
    refuse("a | {x:int} {y:int}\nalways \"{x}{y}\" <= 1", 2, 12, "two holes touch");
    refuse("a | {x:int} {x}\nalways \"{x} {x}\" <= 1", 2, 13, "the same name twice in one text");
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
