//! Pictures, blessed files, drafts, lints, and an audit that finds something.

use transcript::{Timing, Transcript, Verdict};

fn parse(text: &str) -> Transcript {
    Transcript::parse("t.txt", text).unwrap_or_else(|error| panic!("{error}"))
}

const FORK: &str = "\
$ lesson-fork who-am-i
parent | parent {p:pid}: about to fork
parent -> child
parent | parent {p}: forked {c:pid}
child  | child {c}: my parent is {p}
child -> parent
parent | parent {p}: {c} exited with 7
";

#[test]
fn a_picture() {
    let expected = "\
parent                            child
│ parent 100: about to fork
├─────────────────────────────────▶
│ parent 100: forked 101          │
│                                 │ child 101: my parent is 100
◀─────────────────────────────────┤
│ parent 100: 101 exited with 7
";
    assert_eq!(parse(FORK).picture(), expected);
}

#[test]
fn a_picture_of_three() {
    let text = "a | 你好\na -> c\nb | b\nc | c\n---\na | end\nb | end\n";
    let expected = "\
a        b       c
│ 你好
├────────────────▶
│        │ b     │
│        │       │ c
╞════════╪═══════╡
│ end    │
         │ end
";
    assert_eq!(parse(text).picture(), expected);
}

#[test]
fn an_arrow_crosses_a_lane() {
    let expected = "\
a        b        c
│ one
│        │ two
├────────┼────────▶
│        │        │ three
│        ◀────────┤
│ five   │
         │ four
";
    let text = "a | one\nb | two\na -> c\nc | three\nc -> b\na | five\nb | four\n";
    assert_eq!(parse(text).picture(), expected);
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
    assert_eq!((blessed.unattributed, blessed.missing), (vec![], vec![]));
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
    // Without its literal text the last event could be the one that repeats: where would that end?
    let text = "b | n is {n:word}\na *| z\na | one {n}\n";
    let blessed = parse(text).bless("x\n");
    assert_eq!(blessed.text, text);
    assert_eq!(blessed.changed, Vec::<usize>::new());
    assert_eq!(blessed.unattributed, [(0, "x".to_owned())]);
}

#[test]
fn bless_says_what_it_cannot_attribute() {
    let output =
        "parent 10: about to fork\nparent 10: forked 11\nhello\nparent 10: 11 exited with 7\n";
    let blessed = parse(FORK).bless(output);
    assert_eq!(blessed.text, FORK);
    assert_eq!(blessed.unattributed, [(2, "hello".to_owned())]);
    assert_eq!(blessed.missing, [2]);
}

#[test]
fn bless_rewrites_a_loop_only_if_all_turns_agree() {
    let text = "for i in 1..3\n  w{i} | worker {i} makes {i*i} {{braces}}\n";
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
    assert_eq!(blessed.unattributed.len(), 2);
}

#[test]
fn a_draft_accepts_what_it_was_drafted_from() {
    let runs = [
        "main: 100 starts\nchild 101: hello\nother 102: hello\nmain: waited 0.5 s\n",
        "main: 200 starts\nother 202: hello\nchild 201: hello\nmain: waited 0.7 s\n",
        "main: 300 starts\nchild 301: hello\nother 302: hello\nmain: waited 0.6 s\n",
    ];
    let draft = Transcript::draft("demo --times 1", &runs.map(str::to_owned));
    let expected = "\
$ demo --times 1
main | main: {p1:pid} starts
#? main -> child
child | child {p2:pid}: hello
#? main -> other
other | other {p3:pid}: hello
#? child -> main
#? other -> main
main | main: waited {t1:secs} s
";
    assert_eq!(draft, expected);
    for run in runs {
        assert!(matches!(parse(&draft).judge(run, Timing::Judged), Verdict::Accepted(_)), "{run}");
    }
}

#[test]
fn a_draft_is_a_transcript_even_of_keywords() {
    let draft = Transcript::draft("demo", &["for each\ntiming it\n".to_owned()]);
    assert_eq!(parse(&draft).lanes(), ["main"]);
}

#[test]
fn a_lint_for_lines_that_anyone_could_print() {
    let lints: Vec<String> =
        parse("a | x\nb | x\n").lint().iter().map(ToString::to_string).collect();
    let expected = "t.txt:1: lanes a and b can print the same line here and in line 2: print something that tells them apart";
    assert_eq!(lints, [expected]);
    assert!(parse("a | x\na -> b\nb | x\n").lint().is_empty());
    assert!(parse("a | x\nb | y\n").lint().is_empty());
}

#[test]
fn an_audit_finds_rules_that_contradict_the_events() {
    let audit = parse("a | x\na | x\nalways \"x\" <= 1\n").audit(1);
    assert_eq!(audit.legal_accepted, 0);
    assert_eq!(audit.failures.len(), 1, "{audit:?}");
}

#[test]
fn an_audit_gives_up_soon_where_rules_contradict_many_events() {
    let text = "for i in 1..6\n  task{i} | worker {w:1..3} starts task {i}\n  task{i} | worker {w} ends\nalways \"starts\" - \"ents\" <= 3\n";
    let start = std::time::Instant::now();
    assert_eq!(parse(text).neutral(), Vec::<String>::new());
    assert!(start.elapsed() < std::time::Duration::from_secs(10), "{:?}", start.elapsed());
}

#[test]
fn a_neutral_value_is_as_large_as_a_rule_demands() {
    let text = "a | {n:int} in {t:secs} s\nfinally {t} >= 3\nfinally {t} < 6\nfinally {n} >= 50\n";
    assert_eq!(parse(text).neutral(), ["50 in 3.0 s"]);
}

#[test]
fn neutral_output_reads_the_same_for_two_runs_with_the_same_fault() {
    let transcript = parse(FORK);
    let run = |p: u32, c: u32| {
        format!("parent {p}: forked {c}\nparent {p}: about to fork\nchild {c}: I am {c} of {p}\n")
    };
    let neutral = transcript.neutral_output(&run(4_711, 4_712));
    assert_eq!(
        neutral,
        "parent 100: forked 101\nparent 100: about to fork\nchild 101: I am 101 of 100\n"
    );
    assert_eq!(neutral, transcript.neutral_output(&run(88, 87)));
}

#[test]
fn neutral_values_are_equal_where_the_printed_ones_are() {
    let transcript = parse("a | process {p:pid}, thread {t:tid}\nb | {t} or {p}\n");
    let neutral = transcript.neutral_output("process 7, thread 7\n8 or 7\n");
    assert_eq!(neutral, "process 100, thread 100\n8 or 100\n");
}

#[test]
fn neutral_output_breaks_no_rule_that_the_output_keeps() {
    let transcript =
        parse("a | {p:pid} worked {t:secs >= 1.0} s\na | twice {u:secs} s\nfinally {t} >= {u}\n");
    let neutral = transcript.neutral_output("77 worked 5.0 s\ntwice 4.0 s\n");
    assert_eq!(neutral, "100 worked 5.0 s\ntwice 4.0 s\n");
}
