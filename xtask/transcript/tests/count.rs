//! What the counter says where there is more to say than a number.

use transcript::{Count, Transcript};

fn count(text: &str) -> Count {
    Transcript::parse("t.txt", text).unwrap_or_else(|error| panic!("{error}")).count()
}

#[test]
fn forty_lines_in_six_lanes() {
    // Two lanes of six, four of seven: 40! / (6!² 7!⁴) orders.
    let lane =
        |lane: usize, lines: usize| format!("for i in 1..{lines}\n  l{lane} | {lane} {{i}}\n");
    let text: String =
        (1..=6).map(|number| lane(number, if number <= 2 { 6 } else { 7 })).collect();
    let factorial = |n: u128| (1..=n).map(|n| n as f64).product::<f64>();
    let Count::Exactly(orders) = count(&text) else { panic!("not counted") };
    let expected = factorial(40) / (factorial(6).powi(2) * factorial(7).powi(4));
    assert!((orders as f64 / expected - 1.0).abs() < 1e-9, "{orders} {expected}");
}

#[test]
fn more_than_fits() {
    let text = "for lane in 1..40\n  l{lane} | {lane}\n";
    // 2^40 states are too many to visit, and 40! is too large for a number.
    assert_eq!(count(text), Count::Undecided);
    let text = "for lane in 1..2\n  for i in 1..80\n    l{lane} | {lane} {i}\n";
    assert_eq!(count(text), Count::Overflow);
    assert_eq!(count(text).to_string(), "more than 10^38");
}

#[test]
fn any_number_of_lines() {
    assert_eq!(count("a *| tick\na | done\n"), Count::Unbounded);
    assert_eq!(count("a ?| tick\na | done\n"), Count::Exactly(2));
    // Printed or not before, between or after the other two: present it has three places.
    assert_eq!(count("a ?| tick\nb | one\nb | two\n"), Count::Exactly(4));
}

#[test]
fn outputs_not_ways() {
    assert_eq!(count("a | x\nb | x\n"), Count::Exactly(1));
    assert_eq!(count("a | x\na | y\nb | x\n"), Count::Exactly(2));
    assert_eq!(count("a | {p:pid} up\nb | {q:pid} up\n"), Count::Exactly(1));
    // Who goes down first is told by the pid: the one that came first, or the other.
    let text = "for i in 1..2\n  c{i} | {p:pid} up\n  c{i} | {p} down\n";
    assert_eq!(count(text), Count::Exactly(3));
    let seven = "for i in 1..7\n  c{i} | {p:pid} up\n  c{i} | {p} down\n";
    // 13!! : pair the first line with any of the 13 others, and so on, of the 14! / 2^7 orders with names.
    assert_eq!(count(seven), Count::Exactly(13 * 11 * 9 * 7 * 5 * 3));
}

#[test]
fn too_much_to_count_exactly_has_an_upper_bound() {
    let text = "for lane in 1..4\n  for i in 1..8\n    l{lane} | {lane} prints {x:1..2} in turn {i}\nalways \"1 prints 1\" <= 3\n";
    let Count::AtMost(bound) = count(text) else { panic!("{}", count(text)) };
    assert!(count(text).to_string().starts_with("at most "));
    assert!(bound > 2u128.pow(32));
}
