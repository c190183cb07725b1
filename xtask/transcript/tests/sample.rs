//! Random legal outputs, also under rules that compare values with each other and with numbers of lines.

use transcript::{Timing, Transcript, Verdict};

fn parse(text: &str) -> Transcript {
    Transcript::parse("t.txt", text).unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn legal(transcript: &Transcript, lines: &[String]) {
    let output: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let verdict = transcript.judge(&output, Timing::Judged);
    assert!(matches!(verdict, Verdict::Accepted(_)), "{output}{verdict:?}");
}

#[test]
fn values_that_rules_tie_together() {
    for text in [
        "m | {a:int}\nm | {b:int}\nfinally {a} == {b}\n",
        "m | {x:int}\nm | {y:int}\nm | {z:int}\nfinally {x} + {y} == {z}\n",
        "m | {x:int}\nm | {y:int}\nfinally {y} - {x} >= 5000\n",
        "m | {x:secs >= 1.0}\nm | {y:secs}\nfinally {x} < {y}\nfinally {y} < 1.5\n",
        "m | {n:int} tasks\na | task a\nb | task b\nfinally \"task\" == {n}\n",
        "m | {n:int} tasks\na ?| task a\nb ?| task b\nfinally \"task\" == {n}\n",
        "m | {n:int} tasks\nm *| task {i:1..=3}\nm | end\nfinally 2 * \"task\" <= {n}\nfinally {n} < 9\n",
    ] {
        let transcript = parse(text);
        for seed in 0..20 {
            let lines = transcript.sample(seed);
            legal(&transcript, &lines.unwrap_or_else(|| panic!("no sample {seed} of\n{text}")));
        }
        legal(&transcript, &transcript.neutral());
    }
}

#[test]
fn no_sample_where_there_is_none() {
    for text in [
        "a | x\na | x\nalways \"x\" <= 1\n",
        "a | {x:int}\na | {y:int}\nfinally {x} < {y}\nfinally {y} < {x}\n",
    ] {
        assert_eq!(parse(text).sample(1), None, "{text}");
    }
}

#[test]
fn a_seed_is_a_sample() {
    let transcript = parse("for i in 1..=5\n  l{i} | {p:pid} {i}\n");
    assert_eq!(transcript.sample(7), transcript.sample(7));
    assert_ne!(transcript.sample(7), transcript.sample(8));
}
