//! A first transcript from some runs, and what a transcript should not say.

use transcript::{Timing, Transcript, Verdict};

use super::parse;

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
fn a_draft_of_anything_is_a_transcript() {
    let outputs = ["plain\nwith\rreturn\n\u{1b}[2Jscreen\n{brace} 1\n".to_owned()];
    let draft = Transcript::draft("sh -c 'echo \"hi\"; exit'", &outputs);
    let expected = "\
# drafted from: sh -c 'echo \"hi\"; exit'
plain | plain
# not drafted, because of its control characters: with\\rreturn
# not drafted, because of its control characters: \\u{1b}[2Jscreen
#? plain -> brace
brace | {{brace}} 1
";
    assert_eq!(draft, expected);
    assert_eq!(parse(&draft).events().len(), 2);
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
