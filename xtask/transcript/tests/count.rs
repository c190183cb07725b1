//! What the counter says if a plain number does not say everything.

use transcript::{Budget, Count, Timing, Transcript, Verdict};

fn count(text: &str) -> Count {
    Transcript::parse("t.txt", text).unwrap_or_else(|error| panic!("{error}")).count()
}

#[test]
fn forty_lines_in_six_lanes() {
    // Two lanes of six, four of seven: 40! / (6!² 7!⁴) orders.
    let lane =
        |lane: usize, lines: usize| format!("for i in 1..={lines}\n  l{lane} | {lane} {{i}}\n");
    let text: String =
        (1..=6).map(|number| lane(number, if number <= 2 { 6 } else { 7 })).collect();
    let factorial = |n: u128| (1..=n).map(|n| n as f64).product::<f64>();
    let Count::Exactly(orders) = count(&text) else { panic!("not counted") };
    let expected = factorial(40) / (factorial(6).powi(2) * factorial(7).powi(4));
    assert!((orders as f64 / expected - 1.0).abs() < 1e-9, "{orders} {expected}");
}

#[test]
fn more_than_fits() {
    let text = "for lane in 1..=40\n  l{lane} | {lane}\n";
    // 2^40 states are too many to visit, and 40! is too large for a number.
    assert_eq!(count(text), Count::Uncounted);
    let text = "for lane in 1..=2\n  for i in 1..=80\n    l{lane} | {lane} {i}\n";
    assert_eq!(count(text), Count::Overflow);
    assert_eq!(count(text).to_string(), "more than 10^38");
}

#[test]
fn any_number_of_lines() {
    assert_eq!(count("a *| tick\na | done\n"), Count::Unbounded);
    assert_eq!(count("a ?| tick\na | done\n"), Count::Exactly(2));
    // The optional line is absent, or in one of three places: before, between or after the other two.
    assert_eq!(count("a ?| tick\nb | one\nb | two\n"), Count::Exactly(4));
}

#[test]
fn outputs_not_ways() {
    assert_eq!(count("a | x\nb | x\n"), Count::Exactly(1));
    assert_eq!(count("a | x\na | y\nb | x\n"), Count::Exactly(2));
    assert_eq!(count("a | {p:pid} up\nb | {q:pid} up\n"), Count::Exactly(1));
    // The pid says which process goes down first: the one that came up first, or the other.
    let text = "for i in 1..=2\n  c{i} | {p:pid} up\n  c{i} | {p} down\n";
    assert_eq!(count(text), Count::Exactly(3));
    let seven = "for i in 1..=7\n  c{i} | {p:pid} up\n  c{i} | {p} down\n";
    // 13!! : pair the first line with any of the 13 others, and so on, of the 14! / 2^7 orders with names.
    assert_eq!(count(seven), Count::Exactly(13 * 11 * 9 * 7 * 5 * 3));
}

#[test]
fn too_much_to_count_exactly_has_an_upper_bound() {
    let text = "for lane in 1..=4\n  for i in 1..=10\n    l{lane} | prints {x:1..=2}\nalways \"prints 1\" <= 25\n";
    let count = count(text);
    assert!(matches!(count, Count::AtMost(_)), "{count}");
    assert!(count.to_string().starts_with("at most "));
}

#[test]
fn rules_over_ranges_are_counted_where_each_line_tells_its_event() {
    let text = "for lane in 1..=4\n  for i in 1..=8\n    l{lane} | {lane} prints {x:1..=2} in turn {i}\nalways \"1 prints 1\" <= 3\n";
    // In three lanes each line has two values; in the first at most 3 of 8 have the value 1.
    let orders = 99_561_092_450_391_000u128; // 32! / 8!^4
    let first = 1 + 8 + 28 + 56;
    assert_eq!(count(text), Count::Exactly(orders * (1 << 24) * first));
}

/// Whether the rule holds depends on an unforeseeable word: a transcript that accepts an output never counts none.
#[test]
fn a_rule_about_an_unforeseeable_value() {
    for (text, output) in [
        ("m | thread {t:word} up\nfinally \"thread A\" == 1\n", "thread A up\n"),
        ("m | got {n:int}\nfinally \"got 5\" == 1\n", "got 5\n"),
        (
            "a | thread {t:word} up\nb | thread {u:word} down\nfinally \"thread {t}\" == 2\n",
            "thread A up\nthread A down\n",
        ),
        (
            "m | {p:pid} and {t:tid}\nm | thread {t} up\nfinally \"thread {p} up\" == 1\n",
            "5 and 5\nthread 5 up\n",
        ),
    ] {
        let transcript = Transcript::parse("t.txt", text).unwrap_or_else(|error| panic!("{error}"));
        let verdict = transcript.judge(output, Timing::Judged);
        assert!(matches!(verdict, Verdict::Accepted(_)), "{text}{verdict:?}");
        let count = transcript.count();
        assert!(matches!(count, Count::AtMost(1..)), "{text}{count}");
    }
    // A pid is read whole and differs from the others: nothing here is unforeseeable.
    let text = "for i in 1..=2\n  c | {p:pid} up\nalways \"{p} up\" <= 1\n";
    assert_eq!(count(text), Count::Exactly(1));
}

#[test]
fn a_sentence_says_only_what_is_true() {
    let sentence = |text: &str| {
        let transcript = Transcript::parse("t.txt", text).unwrap_or_else(|error| panic!("{error}"));
        transcript.legal(transcript.count())
    };
    assert_eq!(sentence("a | x\n"), "1 legal output: every run prints the same");
    assert_eq!(sentence("a | {p:pid}\n"), "one legal order; pids differ");
    assert_eq!(
        sentence("a | {p:pid} {t:secs} s, {n:int} {q:pid}\n"),
        "one legal order; pids, times and numbers differ"
    );
    assert_eq!(sentence("a | x\nb | y\na | z\n"), "3 legal outputs");
    assert_eq!(sentence("a *| x\n"), "any number of legal outputs");
    let text = "a | thread {:word} up\nfinally \"thread A\" == 1\n";
    assert_eq!(sentence(text), "at most 1 legal output");
    assert_eq!(
        sentence("a | x\nalways \"x\" <= 0\n"),
        "no legal output: the rules contradict the events"
    );
    let text = "for lane in 1..=2\n  for i in 1..=80\n    l{lane} | {lane} {i}\n";
    assert_eq!(sentence(text), "more than 10^38 legal outputs");
}

#[test]
fn how_much_was_seen() {
    assert_eq!(Count::Exactly(1).seen(1), "seen the one legal order");
    assert_eq!(Count::Exactly(3).seen(3), "seen all 3");
    assert_eq!(Count::Exactly(140).seen(3), "seen 3 of 140");
    assert_eq!(Count::Exactly(168_168_000).seen(1_000), "seen 1,000 of 168,168,000");
    assert_eq!(Count::Exactly(1_000).seen(1_000), "seen all 1,000");
    assert_eq!(Count::Overflow.seen(3), "seen 3 of more than 10^38");
    assert_eq!(Count::Unbounded.seen(3), "seen 3 of any number");
    assert_eq!(Count::Uncounted.seen(3), "seen 3 of an unknown number");
}

#[test]
fn a_count_is_read_as_it_is_written() {
    for count in [
        Count::Exactly(0),
        Count::Exactly(u128::MAX - 1),
        Count::AtMost(140),
        Count::Overflow,
        Count::Unbounded,
        Count::Uncounted,
    ] {
        assert_eq!(count.to_string().parse(), Ok(count));
    }
    assert_eq!(Count::Exactly(999).to_string(), "999");
    assert_eq!(Count::AtMost(123_456).to_string(), "at most 123,456");
    assert_eq!("at most 5040".parse(), Ok(Count::AtMost(5_040)));
    assert!("some".parse::<Count>().is_err());
    assert!("at most".parse::<Count>().is_err());
}

/// What can follow a beginning is what can follow each longer one, added up.
#[test]
fn counts_of_beginnings_add_up() {
    let after = |text: &str, lanes: &[usize]| {
        let transcript = Transcript::parse("t.txt", text).expect("a transcript");
        transcript.count_after(lanes, &Budget::default())
    };
    for (text, lanes, count) in [
        ("a | 1\na | 2\nb | 3\nb | 4\n", 2, Count::Exactly(6)),
        ("a | {p:pid}\na -> *\na | {p} 2\nb | 3\nc | 4\nb, c -> a\na | 5\n", 3, Count::Exactly(6)),
        ("a | same\nb | same\n", 2, Count::AtMost(2)),
        ("a | 1\nb | 2\nalways \"1\" <= 1\n", 2, Count::AtMost(2)),
    ] {
        let number = |count: Count| match count {
            Count::Exactly(number) | Count::AtMost(number) => number,
            _ => panic!("{text}: {count}"),
        };
        assert_eq!(after(text, &[]), count, "{text}");
        let mut open = vec![Vec::new()];
        let mut whole = 0;
        while let Some(beginning) = open.pop() {
            let longer = (0..lanes).map(|lane| [&beginning[..], &[lane]].concat());
            let longer: Vec<_> = longer.filter(|it| number(after(text, it)) > 0).collect();
            let sum: u128 = longer.iter().map(|it| number(after(text, it))).sum();
            whole += usize::from(longer.is_empty());
            assert_eq!(number(after(text, &beginning)), sum.max(1), "{text} {beginning:?}");
            open.extend(longer);
        }
        assert_eq!(whole as u128, number(count), "{text}");
    }
    assert_eq!(after("a ?| 1\nb | 2\n", &[]), Count::Uncounted);
    assert_eq!(after("a *| 1\nb | 2\n", &[1]), Count::Unbounded);
}
