//! Several mistakes in one text: each is reported once, up to ten.

use transcript::Transcript;

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
fn ten_mistakes_are_reported() {
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
