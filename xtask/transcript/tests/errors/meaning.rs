//! What can be read, but orders nothing, counts nothing, or could not be judged.

use transcript::Transcript;

use super::refuse;

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
