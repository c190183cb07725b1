//! An audit changes the transcript, and can fail.

use transcript::{Budget, ConstraintKind, Count, Effect, Flawed, Timing, Transcript, Verdict};

/// A parent that forks and waits: its last line reports the child's end.
const WAITS: &str = "\
parent | parent {p:pid}: about to fork
parent -> child
child  | child {c:pid}: exiting
child -> parent
parent | parent {p}: {c} has exited
";

/// The parent does not wait, so its line can come at any time.
const LATE: &str = "parent 5: about to fork\nparent 5: 6 has exited\nchild 6: exiting\n";

fn parse(text: &str) -> Transcript {
    Transcript::parse("t.txt", text).unwrap_or_else(|error| panic!("{error}"))
}

fn flaw(name: &str, outputs: &[&str]) -> Flawed {
    let outputs = outputs.iter().map(|output| ((*output).to_owned(), Timing::Judged));
    Flawed { name: name.to_owned(), outputs: outputs.collect() }
}

fn without_arrows(text: &str) -> String {
    text.lines().filter(|line| !line.contains("->")).map(|line| format!("{line}\n")).collect()
}

#[test]
fn a_flaw_that_no_arrow_stops_passes() {
    let audit = parse(WAITS).audit(&[flaw("late-wait", &[LATE])]);
    assert_eq!(audit.passing, Vec::<String>::new());
    assert_eq!(
        audit.to_string(),
        "\
1 of 2 arrows has a flaw that breaks it
no flaw breaks the name p, which has one value, line 1
no flaw breaks the arrow parent -> child, line 2
no flaw breaks the name c, which has one value, line 3"
    );
    let through = audit.constraints.iter().filter(|audited| !audited.lets_through.is_empty());
    let through: Vec<String> = through.map(|audited| audited.constraint.to_string()).collect();
    assert_eq!(through, ["the arrow child -> parent, line 4"]);

    let audit = parse(&without_arrows(WAITS)).audit(&[flaw("late-wait", &[LATE])]);
    assert_eq!(audit.passing, ["late-wait"]);
    assert!(audit.to_string().starts_with("no arrows\nflaw late-wait passes\n"), "{audit}");
}

#[test]
fn a_flaw_need_not_show_in_each_run() {
    let well = "parent 5: about to fork\nchild 6: exiting\nparent 5: 6 has exited\n";
    let audit = parse(WAITS).audit(&[flaw("late-wait", &[well, LATE])]);
    assert_eq!((audit.passing.len(), audit.arrows()), (0, (2, 1)));
    assert_eq!(parse(WAITS).audit(&[flaw("none", &[well])]).passing, ["none"]);
}

#[test]
fn each_constraint_is_broken_by_what_breaks_it() {
    let text = "\
a | {n:int >= 5} left
a -> b1, b2
for i in 1..=2
  b{i} | {i} of {n}
---
c | {t:secs >= 1.0} s, {w:1..=3}
always \"of\" <= 1
finally {t} < 2
";
    let transcript = parse(text);
    let expected = [
        ("5 left\n1 of 5\n2 of 5\n1.5 s, 2\n", vec!["the rule always \"of\" <= 1, line 7"]),
        (
            "4 left\n1 of 4\n2 of 4\n1.5 s, 2\n",
            vec!["the bound n:int >= 5, line 1", "the rule always \"of\" <= 1, line 7"],
        ),
        (
            "5 left\n1 of 5\n2 of 6\n2.5 s, 2\n",
            vec![
                "the name n, which has one value, line 1",
                "the rule always \"of\" <= 1, line 7",
                "the rule finally {t} < 2, line 8",
            ],
        ),
        (
            "1 of 5\n5 left\n1.5 s, 2\n2 of 5\n",
            vec![
                "the arrow a -> b1, b2, line 2",
                "the barrier, line 5",
                "the rule always \"of\" <= 1, line 7",
            ],
        ),
    ];
    for (output, constraints) in expected {
        let Verdict::Rejected(rejected) = transcript.judge(output, Timing::Judged) else {
            panic!("not rejected: {output}");
        };
        let broken: Vec<String> = rejected.broken().iter().map(ToString::to_string).collect();
        assert_eq!(broken, constraints, "{output}{rejected}");
        assert!(rejected.broken().iter().all(|broken| transcript.constraints().contains(broken)));
    }
}

#[test]
fn what_a_constraint_changes() {
    let effects = |text: &str| {
        let transcript = parse(text);
        let whole = transcript.count();
        let weakenings = transcript.weakenings().into_iter();
        weakenings.map(|weakening| weakening.effect(whole, &Budget::default())).collect::<Vec<_>>()
    };
    let changes = |from, to| Effect::Changes { from: Count::Exactly(from), to: Count::Exactly(to) };
    assert_eq!(effects("a | x\na -> b\nb | y\n"), [changes(1, 2)]);
    // The barrier orders what the arrow orders already.
    assert_eq!(effects("a | x\na -> b\n---\nb | y\n"), [Effect::Same, Effect::Same]);
    assert_eq!(effects("a | x\nb | y\nalways \"x\" <= 1\n"), [Effect::Same]);
    assert_eq!(effects("a | x\nb | y\nalways \"y\" <= \"x\"\n"), [changes(1, 2)]);
    assert_eq!(effects("a | {t:secs >= 1.0}\nfinally {t} < 2\n"), [Effect::Values; 2]);
    assert_eq!(effects("a | {w:1..=3}\na | {w}\n"), [changes(3, 9)]);
    assert_eq!(effects("a | {w:1..=3}\nb *| x\na -> c\nc | y\n"), [Effect::Uncounted]);
}

#[test]
fn a_weakened_transcript_accepts_more() {
    let transcript = parse("a | {p:pid} up\na | {p} down\n");
    let [weakening] = transcript.weakenings().try_into().expect("one constraint");
    assert_eq!(weakening.constraint.kind, ConstraintKind::Name);
    let accepts = |transcript: &Transcript, output: &str| {
        matches!(transcript.judge(output, Timing::Judged), Verdict::Accepted(_))
    };
    for (output, whole) in [("5 up\n5 down\n", true), ("5 up\n6 down\n", false)] {
        assert_eq!(accepts(&transcript, output), whole);
        assert!(accepts(&weakening.transcript, output));
    }
}
