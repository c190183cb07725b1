//! What is judged of claims about time, and what only warns.

use super::*;

#[test]
fn waived_claims_about_time_are_not_judged() {
    let text = "a | begin\ntiming a | still running\na | {t:secs} s\ntiming finally {t} < 2\n";
    let transcript = Transcript::parse("t.txt", text).expect("a transcript");
    let judge =
        |output: &str, timing| matches!(transcript.judge(output, timing), Verdict::Accepted(_));
    assert!(judge("begin\nstill running\n1.5 s\n", Timing::Judged));
    // The line may come at any time, and the rule is not judged.
    for late in ["begin\n1.5 s\nstill running\n", "begin\nstill running\n2.5 s\n"] {
        assert!(!judge(late, Timing::Judged), "{late}");
        assert!(judge(late, Timing::Waived), "{late}");
    }
    // But it must come once, with its text.
    for wrong in ["begin\nGARBAGE\n1.5 s\n", "begin\n1.5 s\n", "still running\n1.5 s\nbegin\n"] {
        assert!(!judge(wrong, Timing::Waived), "{wrong}");
    }
    assert!(!judge("begin\nstill running\nstill running\n1.5 s\n", Timing::Waived));
}

#[test]
fn a_waived_event_may_hold_any_value() {
    let text = "a | {n:int} left\ntiming b | {t:int >= 2} of {n}\n";
    let transcript = Transcript::parse("t.txt", text).expect("a transcript");
    let judge = |output: &str| transcript.judge(output, Timing::Waived);
    assert!(matches!(judge("5 left\n1 of 5\n"), Verdict::Accepted(_)));
    let Verdict::Rejected(rejected) = judge("5 left\n1 of 6\n") else { panic!("accepted") };
    assert_eq!(rejected.to_string(), "STRAY   no lane can print \"1 of 6\"; n is 5 (t.txt:2)");
    assert_eq!(rejected.lanes, [Some(0), None]);
    let Verdict::Rejected(rejected) = judge("1 of 6\n") else { panic!("accepted") };
    assert_eq!(rejected.lanes, [Some(1)]);
}

#[test]
fn an_upper_bound_of_a_duration_only_warns() {
    let transcript = Transcript::parse("t.txt", "a | {t:secs < 2} s\na | {u:secs >= 1} s\n")
        .expect("a transcript");
    let Verdict::Accepted(accepted) = transcript.judge("2.5 s\n1.0 s\n", Timing::Judged) else {
        panic!("rejected");
    };
    assert_eq!(accepted.warnings, ["t is 2.5, expected < 2"]);
    assert!(matches!(transcript.judge("1.5 s\n0.9 s\n", Timing::Judged), Verdict::Rejected(_)));
}
