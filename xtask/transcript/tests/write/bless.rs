//! A transcript with the program's new wording.

use transcript::{Blessed, Timing, Verdict};

use super::{FORK, parse};

fn refusals(blessed: &Blessed) -> Vec<String> {
    blessed.refused.iter().map(ToString::to_string).collect()
}

#[test]
fn bless_rewrites_the_text_and_nothing_else() {
    let output = "\
parent 10: going to fork now
parent 10: forked 11
child 11: the parent of mine is 10
parent 10: 11 exited with 8
";
    let blessed = parse(FORK).bless(output);
    let expected = FORK
        .replace("{p:pid}: about to fork", "{p:pid}: going to fork now")
        .replace("my parent is {p}", "the parent of mine is {p}")
        .replace("exited with 7", "exited with 8");
    assert_eq!(blessed.text, expected);
    assert_eq!(blessed.changed, [2, 5, 7]);
    assert_eq!(blessed.refused, []);
    assert!(matches!(parse(&blessed.text).judge(output, Timing::Judged), Verdict::Accepted(_)));
}

#[test]
fn bless_leaves_text_between_holes() {
    let text = "a | {p:pid}, {q:pid} of two\n";
    assert_eq!(parse(text).bless("12 of two\n").text, text);
    assert_eq!(parse(text).bless("1 2 of two\n").text, text.replace(", ", " "));
}

#[test]
fn bless_makes_no_transcript_that_cannot_be_read() {
    // Without its literal text the last event could be the repeated one, so that the end of the repetition would be
    // unclear.
    let text = "b | n is {n:word}\na *| z\na | one {n}\n";
    let blessed = parse(text).bless("x\n");
    assert_eq!(blessed.text, text);
    assert_eq!(blessed.changed, Vec::<usize>::new());
    assert_eq!(
        refusals(&blessed),
        [
            "transcript line 1: no output line for \"n is {n}\": remove the event, or find why it is missing",
            "output line 1: \"x\" could be the new wording of line 3: bless writes it when each line has an event and each event has a line",
        ]
    );
}

#[test]
fn bless_ends_no_repetition() {
    // Without its literal text the last event could be the repeated one, so that the end of the repetition would be
    // unclear.
    let text = "b | w is {w:word}\na *| z {n:int}\na | z and {w}\n";
    let blessed = parse(text).bless("w is x\nz x\n");
    assert_eq!(blessed.text, text);
    let expected = "output line 2: \"z x\" is the new wording of line 3, but then the file is not a transcript";
    assert!(refusals(&blessed)[0].starts_with(expected), "{blessed:?}");
}

#[test]
fn bless_says_what_it_cannot_attribute() {
    let output =
        "parent 10: about to fork\nparent 10: forked 11\nhello\nparent 10: 11 exited with 7\n";
    let blessed = parse(FORK).bless(output);
    assert_eq!(blessed.text, FORK);
    assert_eq!(
        refusals(&blessed),
        [
            "output line 3: no event for \"hello\": write one",
            "transcript line 5: no output line for \"child {c}: my parent is {p}\": remove the event, or find why it is missing",
        ]
    );
}

#[test]
fn bless_rewrites_a_loop_only_if_all_turns_agree() {
    let text = "for i in 1..=3\n  w{i} | worker {i} makes {i*i} {{braces}}\n";
    let turns = |words: [&str; 3]| {
        (1..=3)
            .zip(words)
            .map(|(i, word)| format!("worker {i} {word} {} {{braces}}\n", i * i))
            .collect::<String>()
    };
    let blessed = parse(text).bless(&turns(["builds"; 3]));
    assert_eq!(blessed.text, text.replace("makes", "builds"));
    let blessed = parse(text).bless(&turns(["builds", "makes", "builds"]));
    assert_eq!(blessed.text, text);
    assert_eq!(blessed.refused.len(), 4, "{blessed:?}");
}

#[test]
fn bless_never_decides_by_position() {
    // The second lane's line came first: pairing by position would give each event the other's text.
    let text = "a | the left one is ready\nb | the right one is ready\na -> c\nc | go\n";
    let blessed = parse(text).bless("the RIGHT one is ready\nthe LEFT one is ready\ngo\n");
    assert_eq!(blessed.text, text);
    let one = "could be the new wording of line 1 or 2 of the transcript: write it there";
    assert_eq!(
        refusals(&blessed)[..2],
        [
            format!("output line 1: \"the RIGHT one is ready\" {one}"),
            format!("output line 2: \"the LEFT one is ready\" {one}"),
        ]
    );
}

#[test]
fn what_is_ambiguous_keeps_nothing_else_from_being_blessed() {
    let text = "a | the left one is up\nb | the right one is up\nc | say {n:int} goodbye\n";
    let blessed = parse(text).bless("the LEFT one is up\nthe RIGHT one is up\nsay 3 farewell\n");
    assert_eq!(blessed.text, text.replace("goodbye", "farewell"));
    assert_eq!((blessed.changed, blessed.refused.len()), (vec![3], 4));
}

#[test]
fn bless_keeps_rules_alive() {
    let text = "for i in 1..=3\n  t{i} | worker {w:1..=2} starts task {i}\n  t{i} | worker {w} ends\nalways \"worker {w} starts\" - \"ends\" <= 1\n";
    let output = |word| {
        (1..=3).map(|i| format!("worker 1 {word} task {i}\nworker 1 ends\n")).collect::<String>()
    };
    let blessed = parse(text).bless(&output("begins"));
    assert_eq!(blessed.text, text.replace("starts", "begins"));
    assert_eq!((blessed.changed, blessed.refused), (vec![2, 4], vec![]));
}

#[test]
fn bless_refuses_a_wording_that_a_rule_could_not_follow() {
    // The rule counts both events: if one of them is reworded, it counts only one.
    let text = "a | the job begins\nb | the task begins\nalways \"begins\" <= 2\n";
    let blessed = parse(text).bless("the job starts\nthe task begins\n");
    assert_eq!(blessed.text, text);
    assert_eq!(
        refusals(&blessed),
        [
            "output line 1: \"the job starts\" is the new wording of line 1, but the rule in line 3 would count other lines than before: reword both"
        ]
    );
}

#[test]
fn bless_writes_no_control_characters_and_converges() {
    let text = "a | hello world\nb | bye\n";
    for _ in 0..2 {
        let blessed = parse(text).bless("hello world\r\nbye\n");
        assert_eq!((blessed.text.as_str(), blessed.changed), (text, vec![]));
        let expected = "output line 1: \"hello world\\r\" has characters that a reader of the transcript would not see: print it without them";
        assert_eq!(blessed.refused[0].to_string(), expected);
    }
}

#[test]
fn bless_takes_no_text_from_an_illegal_order() {
    let text = "a | first of all\na -> b\nb | second to none\n";
    let blessed = parse(text).bless("second to none now\nfirst of all now\n");
    assert_eq!(blessed.text, text);
    let why = refusals(&blessed);
    let expected = "nothing is written: the output is not legal with any wording: ORDER \"second to none now\" before \"first of all now\": a -> b";
    assert_eq!(why, [expected]);
}

#[test]
fn bless_keeps_the_ends_of_lines() {
    let text = "a | hello world\r\nb | bye";
    assert_eq!(parse(text).bless("hello earth\nbye\n").text, "a | hello earth\r\nb | bye");
}

#[test]
fn bless_finds_a_hole_in_one_place_or_not_at_all() {
    let text = "a | took {n:int} steps of many\n";
    let blessed = parse(text).bless("took 3 steps of 7\n");
    assert_eq!((blessed.text.as_str(), blessed.refused.len()), (text, 2));
    // The text after a hole shows where the hole ends.
    let text = "a | {name:word}: hello there\n";
    assert_eq!(parse(text).bless("anna: hello\n").text, "a | {name:word}: hello\n");
}

#[test]
fn bless_gives_up_where_all_is_alike() {
    let text: String = (0..1_500).map(|event| format!("a | event {event} happens now\n")).collect();
    let output =
        (0..1_500).map(|event| format!("event {event} happens here\n")).collect::<String>();
    let blessed = parse(&text).bless(&output);
    assert_eq!(blessed.text, text);
    assert!(
        blessed.refused.iter().any(|refusal| refusal.message.contains("is like too many lines"))
    );
}
